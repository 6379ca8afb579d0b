"""The packing station by scanner and keyboard alone; every page of orders and parcels readable at every width."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from assurance.roles import Kind
from logistics.dispatch.models import Waybill
from tests import checks, factories, goods, orders, waybills
from tests.enrolments import load_categories
from tests.harness.browser import Window, barriers
from tests.warehouse.test_in_a_browser import Look, look, scan
from warehouse.orders import actions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from assurance.accounts.models import Organisation, User
    from warehouse.orders.models import Parcel

__all__ = ["look"]
pytestmark = pytest.mark.long


@pytest.fixture
def parcels(transactional_db: None, amal: User, chidi: User, eve: User, wei: User) -> dict[str, Parcel]:
    """One to pick, one to pack, one packed with goods of another merchant beside it, one that left; and an order that waits."""
    load_categories()
    product = orders.stocked(amal, wei, quantity=50, lot="HJ261105B").product
    other = orders.stocked(chidi, wei, quantity=50, lot="LX2611").product
    order = actions.allocate([orders.taken(eve, (product, 2), (other, 1)).pk], actor=None, at=timezone.now())[0]
    actions.allocate([orders.taken(eve, (goods.enrolled(amal.organisation), 1)).pk], actor=None, at=timezone.now())
    return {
        "shared": order.parcels.order_by("id")[0],
        "to_pick": orders.allocated(eve, (product, 2)),
        "to_pack": orders.picked(eve, wei, (product, 2)),
        "left": orders.shipped(eve, wei, (product, 1)),
    }


@pytest.fixture
def courier(parcels: dict[str, Parcel]) -> Organisation:
    return factories.organisation(Kind.COURIER)


class TestThePackingStation:
    @pytest.mark.row("P7.1", "P7.4", "P20.2", "P20.3")
    def test_packs_by_scanner_alone_and_the_check_that_passes_prints_the_label(
        self, look: Look, parcels: dict[str, Parcel], wei: User, bo: User, courier: Organisation
    ) -> None:
        checks.lists()
        waybills.stands_in(wei.organisation)
        waybills.service(courier)
        parcel = parcels["to_pack"]
        page = look(wei, "/parcels/to-pack/", width=360)
        product = parcel.allocations.get().product

        scan(page, parcel.code)
        page.wait_for_url(f"**/parcels/{parcel.pk}/pack/")
        scan(page, "6990000000003")
        page.wait_for_selector(".w-note.w-fail")
        scan(page, product.gtin)
        page.wait_for_selector("[name=lot_number]:focus")
        assert page.get_attribute("#main", "data-heard") == "ok"
        small = "[...document.querySelectorAll('main :is(button, .w-btn, input:not([type=hidden])), .w-top :is(button, summary)')]"
        heights = page.evaluate(f"{small}.filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().height)")
        assert min(heights) >= 44
        scan(page, "HJ261105B")
        page.wait_for_selector(".w-note.w-pass")
        page.wait_for_timeout(700)  # the lot again sooner would be the same scan
        scan(page, "HJ261105B")
        page.wait_for_selector("[name=measured_weight_g]:focus")
        assert page.evaluate("heard") == [True, False, True, True, True]
        page.keyboard.type("310", delay=70)
        page.keyboard.press("Enter")
        page.wait_for_url("**/parcels/to-pack/")
        parcel.refresh_from_db()
        assert (parcel.state, parcel.measured_weight_g, parcel.items.get().quantity) == ("packed", 310, 2)
        assert not Waybill.objects.exists()

        bench = look(bo, f"/checks/station/{parcel.pk}/", width=360)
        bench.evaluate("() => { window.printed = []; window.print = () => printed.push(document.querySelector('.l-number').innerText); }")
        for key in "11111":
            bench.keyboard.press(key, delay=80)
        bench.keyboard.press("Enter")
        bench.wait_for_selector("[data-printed]")
        assert bench.evaluate("printed") == [Waybill.objects.get().number]
        parcel.refresh_from_db()
        assert (parcel.state, parcel.sealed_at is not None) == ("checked", True)


class TestEveryPage:
    @pytest.mark.parametrize(("width", "theme"), [(390, "light"), pytest.param(1280, "dark", marks=pytest.mark.exhaustive)])
    def test_reads_well(
        self, browser: Browser, live_server: Any, parcels: dict[str, Parcel], amal: User, wei: User, eve: User, width: int, theme: str
    ) -> None:
        window = Window(browser, live_server.url, width=width, theme=theme, language="zh-hans")
        shared, to_pack, left = parcels["shared"], parcels["to_pack"], parcels["left"]
        for who, path in (
            (amal, "/orders/"),
            (eve, f"/orders/{shared.order_id}/"),
            (amal, f"/orders/{left.order_id}/"),
            (amal, f"/parcels/{left.pk}/"),
            (wei, "/parcels/"),
            (wei, f"/parcels/{to_pack.pk}/"),
            (wei, "/parcels/to-pick/"),
            (wei, "/parcels/to-pack/"),
            (wei, f"/parcels/{to_pack.pk}/pack/"),
            (wei, f"/parcels/{to_pack.pk}/pack/?code={to_pack.allocations.get().product.gtin}"),
        ):
            page = window.show(who, path)
            assert window.too_wide(width) == [], path
            assert barriers(page) == [], path
        window.close()

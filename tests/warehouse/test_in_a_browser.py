"""The gate and the bench by keyboard and scanner alone, and every page of the floor readable at every width."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from assurance.enrollment.models import Enrolment
from qc.inspections import actions as qc
from qc.inspections.models import Inspection
from tests import goods
from tests.enrolments import load_categories
from tests.harness.browser import Window, arrived, barriers
from warehouse.inbound import actions as inbound
from warehouse.inbound.actions import AnnouncedLine
from warehouse.inbound.models import Receipt, ShipmentNotice

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assurance.accounts.models import User

pytestmark = pytest.mark.long

HEARD = """() => { window.heard = []; document.addEventListener("scanned", (event) => window.heard.push(event.detail.ok)); }"""
GTIN, OTHER = "6901234567892", "6921234567890"
Look = Callable[..., "Page"]


@pytest.fixture
def look(browser: Browser, live_server: Any) -> Iterator[Look]:
    """Open a page as somebody; whatever the console complains about fails the test."""
    complaints: list[str] = []

    def open_page(person: User, path: str, *, width: int = 1280, theme: Any = "light", language: str = "en") -> Page:
        person.language = language
        person.save(update_fields=["language"])
        client = Client()
        client.force_login(person)
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=theme)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        arrived(page)
        page.evaluate(f"({HEARD})()")
        return page

    yield open_page
    expected = ("Failed to load resource", "Response Status Error Code")
    assert [text for text in complaints if not text.startswith(expected)] == []


@pytest.fixture
def notice(transactional_db: None, amal: User, wei: User) -> ShipmentNotice:
    """6 units and 1,000 units on the way to Wei, by today's clock."""
    load_categories()
    goods.catalogue()
    today = timezone.localdate()
    dates = {"produced_date": today - timedelta(days=15), "expiry_date": today + timedelta(days=1000)}
    first = goods.enrolled(amal.organisation, sku="HJ-120", gtin=GTIN)
    second = goods.enrolled(amal.organisation, sku="HJ-200", gtin="6931234567899", name="山茶花精华油", name_en="Camellia oil")
    Enrolment.objects.update(valid_until=timezone.now() + timedelta(days=300))
    return inbound.announce_shipment(
        actor=amal,
        warehouse_id=wei.organisation_id,
        reference="PO-1",
        expected_date=today,
        lines=[
            AnnouncedLine(product_id=first.pk, lot_number="HJ261105B", quantity=6, **dates),
            AnnouncedLine(product_id=second.pk, lot_number="HJ261101A", quantity=1000, **dates),
        ],
        at=timezone.now(),
    )


def received(notice: ShipmentNotice, wei: User, place: int) -> Inspection:
    line = notice.lines.select_related("product").order_by("id")[place]
    lot = goods.receive(
        notice,
        wei,
        code=line.product.sku,
        lot_number=line.lot_number,
        quantity=line.quantity,
        produced_date=line.produced_date,
        expiry_date=line.expiry_date,
        at=timezone.now(),
    ).receipt.lot
    return qc.open_inspection(lot_id=lot.pk, actor=None, at=timezone.now())


def scan(page: Page, code: str) -> None:
    """Type like a wedge scanner: everything at once, then Enter."""
    page.keyboard.type(code, delay=1)
    page.keyboard.press("Enter")


def checkpoints(count: int) -> list[dict[str, Any]]:
    """Return so many points of every kind that is answered without a camera."""
    options = [{"code": "good", "zh": "好", "en": "Good", "is_fine": True}, {"code": "bad", "zh": "坏", "en": "Bad", "is_fine": False}]
    kinds: list[dict[str, Any]] = [
        {"kind": "yes_no"},
        {"kind": "choice", "options": options},
        {"kind": "number", "lowest": "95", "highest": "105", "unit": "g"},
        {"kind": "date"},
        {"kind": "text"},
    ]
    return [{"code": f"p{n}", "zh": f"第 {n} 项", "en": f"Point {n}"} | kinds[n % len(kinds)] for n in range(count)]


class TestTheGate:
    @pytest.mark.row("P3.5")
    def test_takes_goods_in_by_scanner_and_keyboard_alone(self, look: Look, notice: ShipmentNotice, wei: User) -> None:
        page = look(wei, f"/shipments/{notice.pk}/receive/")
        line = notice.lines.order_by("id")[0]

        scan(page, GTIN)
        page.wait_for_selector("[name=lot_number]:focus")
        for typed in (line.lot_number, f"{line.expiry_date:%Y%m%d}", "", "4"):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
        page.wait_for_selector(".w-note.w-pass")

        assert (Receipt.objects.get().quantity, page.evaluate("window.heard")) == (4, [True, True])
        assert page.evaluate("document.activeElement.id") == "scan"

    def test_sounds_and_looks_wrong_for_wrong_goods(self, look: Look, notice: ShipmentNotice, wei: User) -> None:
        page = look(wei, f"/shipments/{notice.pk}/receive/")

        scan(page, OTHER)
        page.wait_for_selector(".w-note.w-fail")

        assert (OTHER in page.inner_text(".w-note.w-fail"), page.evaluate("window.heard"), Receipt.objects.count()) == (True, [False], 0)

    def test_points_at_the_field_that_is_wrong(self, look: Look, notice: ShipmentNotice, wei: User) -> None:
        page = look(wei, f"/shipments/{notice.pk}/receive/?code={GTIN}")
        for typed in ("HJ261105B", "4.11.29", "", "4"):
            page.keyboard.type(typed)
            page.keyboard.press("Enter")
        page.wait_for_selector("[name=expiry_date][aria-invalid=true]")

        assert (page.evaluate("document.activeElement.name"), page.input_value("[name=lot_number]")) == ("expiry_date", "HJ261105B")


class TestTheBench:
    @pytest.fixture
    def claimed(self, notice: ShipmentNotice, wei: User, bo: User) -> Inspection:
        inspection = received(notice, wei, 1)
        return qc.claim(inspection_id=inspection.pk, actor=bo, at=timezone.now())

    def unit(self, page: Page, number: int) -> None:
        page.wait_for_selector(f"#conforming [name=number][value='{number}']", state="attached")

    @pytest.mark.row("P4.7")
    def test_inspects_a_whole_lot_by_keyboard_alone(self, look: Look, notice: ShipmentNotice, wei: User, bo: User) -> None:
        points = checkpoints(20)
        goods.ask(*points, version="b", product_id=notice.lines.order_by("id")[0].product_id)
        inspection = received(notice, wei, 0)
        page = look(bo, "/inspections/")
        page.get_by_role("button", name="Take HJ261105B").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/points/")
        expiry = inspection.lot.expiry_date
        typed = {"number": "100", "date": f"{expiry:%Y-%m-%d}", "text": inspection.lot.number}
        for place, point in enumerate(points):
            page.wait_for_selector(f"[data-point]:nth-of-type({place + 1}).c-current")
            scan(page, typed[point["kind"]]) if point["kind"] in typed else page.keyboard.press("1")
        page.wait_for_selector("[data-record]:focus")
        page.keyboard.press("Enter")
        page.wait_for_url("**/work/")
        size = inspection.sample_size

        for number in range(1, size):
            self.unit(page, number)
            page.keyboard.press("1")
        self.unit(page, size)
        page.keyboard.press("1")
        page.wait_for_selector("#confirm[open]")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/inspections/{inspection.pk}/")

        inspection.refresh_from_db()
        assert (inspection.state, inspection.inspected, inspection.lot.balances.get(custody="released").quantity) == ("accepted", size, 6)

    def test_counts_ahead_records_and_takes_back(self, look: Look, claimed: Inspection, bo: User) -> None:
        page = look(bo, f"/inspections/{claimed.pk}/work/")

        page.keyboard.press("g")  # leaking
        page.wait_for_selector(".w-cell-adding")
        assert page.inner_text("small[data-adding]") == "+1"
        assert page.is_disabled("#conforming .w-answer")
        page.keyboard.press("Enter")
        self.unit(page, 2)
        assert list(claimed.units.values_list("defects", flat=True)) == [["leaking"]]

        page.keyboard.press("z")
        self.unit(page, 1)
        assert claimed.units.standing().count() == 0

    def test_does_not_take_two_for_an_answer_without_a_defect(self, look: Look, claimed: Inspection, bo: User) -> None:
        page = look(bo, f"/inspections/{claimed.pk}/work/")

        page.keyboard.press("2")
        page.wait_for_selector("#missing:not([hidden])")

        assert claimed.units.count() == 0

    def test_asks_before_the_unit_that_rejects_the_lot(self, look: Look, claimed: Inspection, bo: User) -> None:
        page = look(bo, f"/inspections/{claimed.pk}/work/")

        page.keyboard.press("b")  # lot numbers differ: critical
        page.wait_for_selector(".w-cell-adding")
        page.keyboard.press("2")
        page.wait_for_selector("#confirm[open]")
        assert "not accepted" in page.inner_text("#confirm-text")
        page.keyboard.press("Escape")
        assert claimed.units.count() == 0

    def test_tells_right_scans_from_wrong_ones(self, look: Look, claimed: Inspection, bo: User) -> None:
        page = look(bo, f"/inspections/{claimed.pk}/work/")

        scan(page, "6931234567899")
        page.wait_for_selector("#scan-said.w-pass")
        scan(page, GTIN)
        page.wait_for_selector(".w-note.w-fail")
        scan(page, "17")
        self.unit(page, 17)

        assert page.evaluate("window.heard") == [True, False, True]


class TestEveryPage:
    @pytest.mark.parametrize(
        ("width", "theme", "language"),
        [
            (390, "light", "zh-hans"),
            pytest.param(1280, "light", "zh-hans", marks=pytest.mark.exhaustive),
            pytest.param(1280, "dark", "en", marks=pytest.mark.exhaustive),
        ],
    )
    def test_is_accessible_and_never_scrolls_sideways(
        self,
        browser: Browser,
        live_server: Any,
        notice: ShipmentNotice,
        amal: User,
        wei: User,
        bo: User,
        width: int,
        theme: str,
        language: str,
    ) -> None:
        held = received(notice, wei, 1)
        qc.claim(inspection_id=held.pk, actor=bo, at=timezone.now())
        goods.record(held, bo, [1], "batch-mismatch")
        waiting = received(notice, wei, 0)
        qc.claim(inspection_id=waiting.pk, actor=bo, at=timezone.now())
        goods.record(waiting, bo, [1], "leaking")
        open_notice = goods.announced(
            amal,
            wei.organisation,
            goods.line(held.product, quantity=9, produced_date=None, expiry_date=timezone.localdate() + timedelta(days=99)),
            expected_date=timezone.localdate(),
            at=timezone.now(),
        )
        pages = [
            (amal, "/shipments/"),
            (amal, "/shipments/new/"),
            (amal, f"/shipments/{notice.pk}/"),
            (amal, "/lots/"),
            (amal, f"/lots/{held.lot_id}/"),
            (amal, f"/inspections/{held.pk}/"),
            (wei, "/shipments/"),
            (wei, f"/shipments/{open_notice.pk}/"),
            (wei, f"/shipments/{open_notice.pk}/receive/"),
            (wei, f"/shipments/{open_notice.pk}/receive/?code=HJ-200"),
            (wei, f"/shipments/{open_notice.pk}/receive/?code=X"),
            (bo, "/inspections/"),
            (bo, "/inspections/?scope=decided"),
            (bo, f"/inspections/{waiting.pk}/work/"),
            (bo, f"/inspections/{waiting.pk}/work/?code=X"),
        ]
        window = Window(browser, live_server.url, theme=theme, language=language)
        for person, path in pages:
            page = window.show(person, path)
            assert (path, window.too_wide(1280, 360, width)) == (path, [])
            assert (path, barriers(page)) == (path, [])
        window.close()

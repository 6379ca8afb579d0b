"""Which share of parcels is checked before sealing: drawn by a seed that is committed to first, recorded, and kept by the database."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from assurance.database import constraint_of
from assurance.roles import Kind, Role
from qc.checks import actions
from qc.checks.actions import ParcelCheck
from qc.checks.actions.drawing import OtherWarehouse
from qc.checks.models import CheckShare, DrawDay, OutboundCheck, ParcelDraw
from qc.checks.shares import Share, is_drawn, share_of, ticket_of
from tests import checks, factories, orders, waybills
from tests.checks import IN_ORDER
from tests.doors import HTMX, Api, browser
from tests.factories import NOON
from warehouse.orders import actions as parcels
from warehouse.orders.actions import Packing, Step
from warehouse.orders.models import Parcel
from warehouse.orders.queries import scans_of

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.accounts.models import User
    from warehouse.stock.models import Lot

pytestmark = pytest.mark.row("P7.2")


class TestTheRule:
    def test_is_every_parcel_unless_a_nearer_share_is_set(self) -> None:
        known = [
            Share(1, 40, warehouse_id=2),
            Share(2, 30, category="food"),
            Share(3, 20, category="tea", warehouse_id=2),
            Share(4, 10, merchant_id=1),
            Share(5, 15, merchant_id=1),
        ]

        def of(merchant: int, warehouse: int, *categories: str) -> int:
            return share_of(known, merchant_id=merchant, warehouse_id=warehouse, categories=categories)

        assert [of(9, 9), of(9, 2), of(9, 2, "food"), of(9, 2, "tea", "food"), of(9, 9, "tea", "food"), of(1, 2, "tea")] == [
            *(100, 40, 30, 20, 30, 15),
        ]

    def test_draws_the_share_by_the_published_digest(self) -> None:
        tickets = [ticket_of("ab" * 32, parcel) for parcel in range(2_000)]

        assert tickets[:3] == [ticket_of("ab" * 32, 0), *tickets[1:3]]
        assert 0.27 < sum(is_drawn(ticket, 30) for ticket in tickets) / 2_000 < 0.33
        assert (is_drawn(2_999, 30), is_drawn(3_000, 30), is_drawn(9_999, 100)) == (True, False, True)


@pytest.fixture
def lot(amal: User, wei: User) -> Lot:
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def lead(wei: User) -> User:
    return factories.user(Role.QC_LEAD, wei.organisation)


def give_ticket(parcel: Parcel, ticket: int, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = (f"{number:064x}" for number in range(100_000))
    seed = next(seed for seed in seeds if ticket_of(seed, parcel.pk) // 100 == ticket)
    monkeypatch.setattr("qc.checks.actions.drawing.secrets.token_hex", lambda _size: seed)


def drawn(lot: Lot, amal: User, wei: User, monkeypatch: pytest.MonkeyPatch, ticket: int) -> Parcel:
    """Return a packed parcel whose number in the draw is this one: the seed is chosen until it fits."""
    parcel = checks.packed(amal, wei, lot)
    give_ticket(parcel, ticket, monkeypatch)
    actions.draw_waiting(at=NOON)
    parcel.refresh_from_db()
    return parcel


class TestAShare:
    def test_is_set_for_the_own_warehouse_by_its_lead(self, lot: Lot, lead: User, wei: User, eve: User) -> None:
        other = factories.organisation(Kind.WAREHOUSE)
        with pytest.raises(OtherWarehouse):
            actions.set_share(percent=50, reason="steady", warehouse=other.code, actor=lead, at=NOON)
        made = Api(lead).post("/check-shares/", {"percent": 50, "reason": "steady", "category": "skincare"})
        assert (made.status_code, made.json()["warehouse"], made.json()["percent"]) == (201, wei.organisation.code, 50)
        page = browser(eve).post(reverse("checks:shares"), {"percent": "30", "merchant": "NOBODY", "reason": "steady"})
        assert (page.status_code, "NOBODY is not known here." in page.content.decode(), CheckShare.objects.count()) == (422, True, 1)

    def test_is_not_drawn_from_where_none_is_set(self, lot: Lot, amal: User, wei: User) -> None:
        parcel = checks.packed(amal, wei, lot)

        assert (actions.draw_waiting(at=NOON), actions.draw_parcels([parcel.pk], at=NOON), DrawDay.objects.count()) == (0, [], 0)


class TestAtTheScale:
    @pytest.mark.row("P7.4")
    @pytest.mark.parametrize(("ticket", "is_spared"), [(30, True), (29, False)])
    def test_a_parcel_that_is_not_drawn_gets_its_label_without_a_click(
        self, lot: Lot, amal: User, wei: User, lead: User, monkeypatch: pytest.MonkeyPatch, ticket: int, is_spared: bool
    ) -> None:
        waybills.stands_in(wei.organisation)
        waybills.service(factories.organisation(Kind.COURIER))
        actions.set_share(percent=30, reason="steady", actor=lead, at=NOON)
        parcel = orders.closed(amal, wei, (lot.product, 2))
        give_ticket(parcel, ticket, monkeypatch)

        door = browser(wei).post(reverse("orders:seal", args=[parcel.pk]), {"measured_weight_g": "320"}, headers=HTMX).content.decode()
        printing = reverse("dispatch:print", args=[parcel.pk])
        assert (f'hx-post="{printing}"' in door, 'hx-trigger="load"' in door) == (True, True)
        answer = browser(wei).post(printing, {"weighed": "1"}, headers=HTMX)

        said = answer.content.decode()
        assert (answer.status_code, "data-print-now" in said, "Leave the box open" in said) == (200, is_spared, not is_spared)
        parcel.refresh_from_db()
        assert (parcel.state, parcel.sealed_at is not None) == (("checked", True) if is_spared else ("packed", False))


class TestAParcelThatIsNotDrawn:
    def test_may_be_sealed_with_a_clearance_that_says_so(
        self, lot: Lot, amal: User, wei: User, bo: User, lead: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.set_share(percent=30, reason="steady", actor=lead, at=NOON)
        parcel = drawn(lot, amal, wei, monkeypatch, 30)

        assert (parcel.state, parcel.clearance.because) == ("checked", "Not drawn: 30 % of these parcels are checked.")
        assert not OutboundCheck.objects.exists()
        day = DrawDay.objects.get()
        assert (day.shown_seed(day.day_date), day.shown_seed(day.day_date + timedelta(days=1))) == ("", day.seed)
        assert day.commitment[:16] in browser(lead).get(reverse("checks:shares")).content.decode()
        waybills.stands_in(wei.organisation)
        waybills.service(factories.organisation(Kind.COURIER))
        assert orders.XIAO.address in browser(wei).post(reverse("dispatch:print", args=[parcel.pk]), headers=HTMX).content.decode()

    def test_is_checked_once_it_was_opened_again(
        self, lot: Lot, amal: User, wei: User, bo: User, lead: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.set_share(percent=30, reason="steady", actor=lead, at=NOON)
        parcel = drawn(lot, amal, wei, monkeypatch, 30)
        parcels.unpack([Step(parcel.pk)], reason="new carton", actor=wei, at=NOON)
        parcels.pick([Step(parcel.pk)], actor=wei, at=NOON)
        parcels.pack([Packing(parcel.pk, scans_of([parcel.pk])[parcel.pk], measured_weight_g=320)], actor=wei, at=NOON)

        assert actions.draw_waiting(at=NOON) == 0
        [check] = actions.check_parcels([ParcelCheck(parcel.pk, IN_ORDER)], actor=bo, at=NOON)
        assert (check.verdict, check.attempt) == ("passed", 2)


class TestAParcelThatIsDrawn:
    def test_is_not_sealed_unchecked_whoever_writes(
        self, lot: Lot, amal: User, wei: User, bo: User, lead: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.set_share(percent=30, reason="steady", actor=lead, at=NOON)
        parcel = drawn(lot, amal, wei, monkeypatch, 29)
        assert (parcel.state, ParcelDraw.objects.get().is_drawn) == ("packed", True)
        early = browser(wei).post(reverse("dispatch:print", args=[parcel.pk]), headers=HTMX)
        assert (early.status_code, "has not passed its check" in early.content.decode()) == (409, True)

        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            orders.checked(parcel, tranche=7)
        assert constraint_of(refused.value) == "parcel_drawn_is_checked"
        checks.check(parcel, bo)
        parcel.refresh_from_db()
        assert parcel.state == "checked"

    def test_is_drawn_by_the_seed_of_its_day_whoever_writes(
        self, lot: Lot, amal: User, wei: User, lead: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.set_share(percent=30, reason="steady", actor=lead, at=NOON)
        drawn(lot, amal, wei, monkeypatch, 29)
        row, other = ParcelDraw.objects.get(), checks.packed(amal, wei, lot)
        row.pk, row.parcel, row.ticket = None, other, (ticket_of(row.day.seed, other.pk) + 1) % 3_000
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            row.save(force_insert=True)
        assert constraint_of(refused.value) == "parcel_draw_by_the_seed"
        day = DrawDay.objects.get()
        day.pk, day.day_date, day.seed = None, day.day_date + timedelta(days=1), "cd" * 32
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            day.save(force_insert=True)
        assert constraint_of(refused.value) == "draw_day_seed_is_the_one_committed_to"

    def test_is_drawn_again_once_its_day_is_over(
        self, lot: Lot, amal: User, wei: User, lead: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        actions.set_share(percent=30, reason="steady", actor=lead, at=NOON)
        drawn(lot, amal, wei, monkeypatch, 29)
        day = DrawDay.objects.get()

        def said(now: datetime) -> str:
            monkeypatch.setattr("django.utils.timezone.now", lambda: now)
            with StringIO() as out:
                call_command("replay_draw", parcels=True, stdout=out)
                return out.getvalue()

        assert (said(NOON), said(NOON + timedelta(days=1))) == ("", f"{wei.organisation.code} {day.day_date}: as drawn, parcels: 1\n")
        monkeypatch.setattr("qc.checks.queries.ticket_of", lambda *_: 3_001)
        with pytest.raises(SystemExit):
            said(NOON + timedelta(days=1))

"""What arrives otherwise than announced is no stock: it is recorded, somebody takes care of it, and old goods need a second person."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from assurance.events.models import Event
from assurance.notices.models import Notice
from assurance.reference import newest
from assurance.refusals import Refused, WrongState
from assurance.roles import Role
from tests import factories, goods
from tests.factories import NOON
from tests.warehouse.inbound.test_pages import signed_in
from tests.warehouse.test_api import ask, send
from warehouse.inbound.actions import (
    Arrival,
    close_receiving,
    differing,
    door,
    put_aside,
    receive_all,
    report,
    settle,
    tell_found,
    tell_settled,
)
from warehouse.inbound.lifecycle import RESOLUTIONS, Age, Kind, Reason, Resolution
from warehouse.inbound.models import Discrepancy, Receipt, ShipmentNotice
from warehouse.stock.models import Lot, StockMove

if TYPE_CHECKING:
    from assurance.accounts.models import User

FOOD = newest("categories")["shared"]["shelf_life"]["food"]
OLD = {"produced_date": goods.TODAY - timedelta(days=200), "expiry_date": goods.TODAY + timedelta(days=165)}


@pytest.fixture
def notice(amal: User, wei: User) -> ShipmentNotice:
    """A thousand units of one lot."""
    return goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation, gtin="6901234567892")))


@pytest.fixture
def old(amal: User, wei: User) -> ShipmentNotice:
    """A hundred units of food that were made 200 days ago and keep 365."""
    food = goods.enrolled(amal.organisation, category=goods.category("snacks", shelf_life=FOOD, is_perishable=True), gtin="6901234567892")
    return goods.announced(amal, wei.organisation, goods.line(food, quantity=100, **OLD))


@pytest.fixture
def lead(wei: User) -> User:
    return factories.user(Role.QC_LEAD, wei.organisation)


def arrival(notice: ShipmentNotice, **given: Any) -> Arrival:
    line = notice.lines.select_related("product").get()
    values = {"code": line.product.gtin, "lot_number": line.lot_number, "quantity": 100, "message": "gate-1", "at": NOON}
    dates = {"produced_date": line.produced_date, "expiry_date": line.expiry_date}
    return Arrival(notice.pk, **values | dates | given)


def at_the_door(one: Arrival, wei: User) -> Discrepancy | None:
    """Try to take goods in as a door does, and prove that no stock came of it."""
    with pytest.raises(Refused) as caught, transaction.atomic():
        receive_all([one], actor=wei)
    found = put_aside(caught.value, one, actor=wei)
    assert (Receipt.objects.count(), StockMove.objects.count(), Lot.objects.count()) == (0, 0, 0)
    return found


@pytest.mark.row("P3.1")
class TestGoodsThatDiffer:
    @pytest.mark.parametrize(
        ("given", "kind", "units", "has_line"),
        [
            ({"quantity": 1010}, Kind.OVER, 10, True),
            ({"code": "6921234567890"}, Kind.WRONG, 100, False),
            ({"lot_number": "ANOTHER"}, Kind.WRONG, 100, False),
            ({"expiry_date": goods.EXPIRES + timedelta(days=1)}, Kind.DATES, 100, True),
            ({"produced_date": None, "expiry_date": goods.TODAY - timedelta(days=1)}, Kind.DATES, 100, True),
            ({"at": NOON + timedelta(days=2000)}, Kind.STALE, 100, True),
        ],
    )
    def test_stand_aside_with_an_owner_and_are_no_stock(
        self, notice: ShipmentNotice, wei: User, given: dict[str, Any], kind: Kind, units: int, has_line: bool
    ) -> None:
        found = at_the_door(arrival(notice, **given), wei)

        assert found
        assert (found.kind, found.quantity, found.state, found.owner, bool(found.line_id)) == (kind, units, "open", wei, has_line)
        assert Event.objects.get(kind="warehouse.discrepancy.found").organisation_id == notice.merchant_id

    def test_are_recorded_once_per_message(self, notice: ShipmentNotice, wei: User) -> None:
        first = at_the_door(arrival(notice, quantity=1010), wei)

        assert at_the_door(arrival(notice, quantity=1010), wei) == first
        assert (Discrepancy.objects.count(), Event.objects.filter(kind="warehouse.discrepancy.found").count()) == (1, 1)

    @pytest.mark.parametrize(
        "given", [{"code": "6901234567893"}, {"expiry_date": None}, {"produced_date": goods.TODAY + timedelta(days=1)}]
    )
    def test_are_not_those_that_were_only_misread(self, notice: ShipmentNotice, wei: User, given: dict[str, Any]) -> None:
        assert at_the_door(arrival(notice, **given), wei) is None

    def test_are_missing_when_receiving_ends(self, notice: ShipmentNotice, wei: User) -> None:
        goods.receive(notice, wei, quantity=990)

        close_receiving(notice_id=notice.pk, reason="ten were never loaded", actor=wei, at=NOON)

        found = Discrepancy.objects.get()
        assert (found.kind, found.quantity, found.note, found.owner) == (Kind.SHORT, 10, "ten were never loaded", wei)

    def test_are_damaged_as_people_see(self, notice: ShipmentNotice, wei: User) -> None:
        found = goods.damaged(notice, wei, message="d1", note="wet")

        assert goods.damaged(notice, wei, message="d1") == found
        assert (found.kind, found.quantity, found.line) == (Kind.DAMAGED, 3, notice.lines.get())
        with pytest.raises(differing.NotReported):
            report(notice_id=notice.pk, kind=Kind.OVER, code="6901234567892", quantity=1, message="x", actor=wei, at=NOON)
        with pytest.raises(door.NotOnNotice):
            goods.damaged(notice, wei, code="6921234567890")

    def test_are_not_reported_by_another_warehouse(self, notice: ShipmentNotice, bob: User) -> None:
        with pytest.raises(door.OtherWarehouse):
            goods.damaged(notice, bob)


@pytest.mark.row("P3.1")
class TestSettling:
    def test_says_once_what_became_of_it(self, notice: ShipmentNotice, amal: User, wei: User) -> None:
        found = goods.damaged(notice, wei)

        settle(discrepancy_id=found.pk, resolution=Resolution.SENT_BACK, note="taken along", actor=wei, at=NOON)

        found.refresh_from_db()
        assert (found.state, found.resolution, found.settle_note, found.settled_by) == ("settled", "sent_back", "taken along", wei)
        with pytest.raises(WrongState):
            settle(discrepancy_id=found.pk, resolution=Resolution.DESTROYED, note="", actor=wei, at=NOON)
        tell_found(discrepancy_id=found.pk, at=NOON)
        tell_settled(discrepancy_id=found.pk, at=NOON)
        assert set(Notice.objects.filter(recipient=amal).values_list("kind", flat=True)) == {"discrepancy_found", "discrepancy_settled"}

    @pytest.mark.parametrize("kind", Kind)
    def test_offers_what_fits(self, kind: Kind) -> None:
        assert (Resolution.ADMITTED in RESOLUTIONS[kind]) is (kind == Kind.STALE)
        assert (Resolution.WRITTEN_OFF in RESOLUTIONS[kind]) is (kind == Kind.SHORT)

    def test_is_not_possible_in_another_way(self, notice: ShipmentNotice, wei: User, lead: User, bob: User) -> None:
        found = goods.damaged(notice, wei)

        with pytest.raises(differing.WrongResolution):
            settle(discrepancy_id=found.pk, resolution=Resolution.ADMITTED, note="", reason=Reason.PROMOTION, actor=lead, at=NOON)
        with pytest.raises(door.OtherWarehouse):
            settle(discrepancy_id=found.pk, resolution=Resolution.SENT_BACK, note="", actor=bob, at=NOON)

    def test_is_handed_to_somebody_of_the_house(self, notice: ShipmentNotice, wei: User, lead: User, bob: User) -> None:
        found = goods.damaged(notice, wei)

        assert differing.hand_over(discrepancy_id=found.pk, owner_id=lead.pk, actor=wei, at=NOON).owner == lead
        with pytest.raises(differing.NoSuchOwner):
            differing.hand_over(discrepancy_id=found.pk, owner_id=bob.pk, actor=wei, at=NOON)


@pytest.mark.row("P3.4")
class TestGoodsThatAreTooOld:
    def admitted(self, old: ShipmentNotice, wei: User, lead: User, **given: Any) -> Discrepancy:
        found = at_the_door(arrival(old), wei)
        assert found
        values = {"resolution": Resolution.ADMITTED, "reason": Reason.PROMOTION, "note": "", "actor": lead} | given
        return settle(discrepancy_id=found.pk, at=NOON, **values)

    def test_stay_outside(self, old: ShipmentNotice, wei: User) -> None:
        with pytest.raises(door.TooOld) as caught:
            receive_all([arrival(old)], actor=wei)

        assert (caught.value.params, caught.value.field) == ({"age": 200, "most": 121}, "expiry_date")

    def test_come_in_when_a_lead_admits_them_with_a_reason(self, old: ShipmentNotice, wei: User, lead: User) -> None:
        admission = self.admitted(old, wei, lead)

        receipt = receive_all([arrival(old, quantity=60)], actor=wei)[0].receipt

        assert (receipt.age, receipt.admitted_under, receipt.admitted_by, receipt.admitted_because, receipt.received_by) == (
            *(Age.TOO_OLD, admission, lead, Reason.PROMOTION, wei),
        )
        with pytest.raises(door.TooOld):  # the lead may not take in what he admitted himself
            receive_all([arrival(old, quantity=40, message="gate-2")], actor=lead)

    @pytest.mark.parametrize(
        ("given", "refusal"), [({"reason": ""}, differing.ReasonNeeded), ({"reason": Reason.OTHER}, differing.ReasonNeeded)]
    )
    def test_are_not_admitted_without_a_reason(
        self, old: ShipmentNotice, wei: User, lead: User, given: dict[str, Any], refusal: type[Refused]
    ) -> None:
        with pytest.raises(refusal):
            self.admitted(old, wei, lead, **given)

    def test_are_not_admitted_by_the_receiver_or_by_another_operator(self, old: ShipmentNotice, wei: User, lead: User) -> None:
        with pytest.raises(differing.LeadNeeded):
            self.admitted(old, wei, lead, actor=wei)
        found = at_the_door(arrival(old, message="gate-2"), lead)
        assert found
        with pytest.raises(differing.SecondPersonNeeded):
            settle(discrepancy_id=found.pk, resolution=Resolution.ADMITTED, reason=Reason.PROMOTION, note="", actor=lead, at=NOON)

    def test_may_have_used_up_half_of_their_life_if_they_are_given_away(self, old: ShipmentNotice, amal: User, wei: User) -> None:
        product = old.lines.get().product
        young_gift = {"produced_date": goods.TODAY - timedelta(days=182), "expiry_date": goods.TODAY + timedelta(days=183)}
        gifts = goods.announced(amal, wei.organisation, goods.line(product, lot="G1", quantity=5, is_gift=True, **young_gift))

        assert goods.receive(gifts, wei).receipt.age == Age.YOUNG

    @pytest.mark.parametrize(
        ("changed", "rule"),
        [
            ({"admitted_because": ""}, "receipt_of_old_goods_needs_a_second_person"),
            ({"admitted_by": None}, "receipt_of_old_goods_needs_a_second_person"),
            ({"received_by": "lead"}, "receipt_of_old_goods_needs_a_second_person"),
            ({"admitted_because": Reason.RESIDUE}, "receipt_carries_its_admission"),
        ],
    )
    def test_come_in_by_no_other_hand(self, old: ShipmentNotice, wei: User, lead: User, changed: dict[str, Any], rule: str) -> None:
        admission = self.admitted(old, wei, lead)
        receipt = receive_all([arrival(old, quantity=60)], actor=wei)[0].receipt
        receipt.pk, receipt.message, receipt.quantity = None, "by-hand", 1
        for name, value in changed.items():
            setattr(receipt, name, lead if value == "lead" else value)

        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            receipt.save()
        assert admission.receipts.count() == 1

    def test_come_in_as_many_as_were_admitted_whoever_writes(self, old: ShipmentNotice, wei: User, lead: User) -> None:
        self.admitted(old, wei, lead)
        receipt = receive_all([arrival(old, quantity=60)], actor=wei)[0].receipt

        for units, refusal in (
            (40, nullcontext()),
            (41, pytest.raises(IntegrityError, match="101 units came in under an admission of 100")),
        ):
            receipt.pk, receipt.message, receipt.quantity = None, "by-hand", units
            with refusal, transaction.atomic():
                receipt.save()
                transaction.set_rollback(True)

    def test_are_admitted_by_leads_only_whoever_writes(self, old: ShipmentNotice, wei: User) -> None:
        found = at_the_door(arrival(old), wei)
        other = factories.user(Role.WAREHOUSE_OPERATOR, wei.organisation)
        assert found
        for name, value in {
            "state": "settled",
            "resolution": "admitted",
            "reason": "promotion",
            "settled_by": other,
            "settled_at": NOON,
        }.items():
            setattr(found, name, value)

        with pytest.raises(IntegrityError, match="only a lead"), transaction.atomic():
            found.save(update_fields=["state", "resolution", "reason", "settled_by", "settled_at"])


class TestTheDoors:
    @pytest.fixture(autouse=True)
    def _today(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)

    @pytest.mark.row("P3.1")
    def test_of_the_api_keep_that_goods_stand_aside_and_nothing_else(self, notice: ShipmentNotice, amal: User, wei: User) -> None:
        body = {"code": "6901234567892", "lot_number": "HJ261105B", "expiry_date": "2029-11-04", "quantity": 1001, "message": "gate-1"}

        answers = [send(wei, f"shipments/{notice.pk}/receive/", body) for _ in range(2)]

        assert [(one.status_code, one.json()["code"]) for one in answers] == [(409, "too_many_units")] * 2
        listed = ask(amal, "discrepancies/", state="open", notice=str(notice.pk)).json()["results"]
        assert [(one["kind"], one["quantity"], one["message"]) for one in listed] == [("over", 1, "gate-1")]
        assert Receipt.objects.count() == 0

    @pytest.mark.row("P3.4")
    def test_of_the_pages_let_a_lead_admit_and_the_receiver_take_in(self, old: ShipmentNotice, wei: User, lead: User) -> None:
        given = {"code": "6901234567892", "lot_number": "HJ261105B", "quantity": 100, "message": "page:1"}
        dates = {name: f"{day:%Y%m%d}" for name, day in OLD.items()}
        desk = reverse("inbound:receive", args=[old.pk])
        refused = signed_in(wei).post(desk, given | dates)
        found = Discrepancy.objects.get()
        page = reverse("inbound:discrepancy", args=[found.pk])

        assert (refused.status_code, found.code in refused.content.decode()) == (409, True)
        assert 'value="admitted"' not in signed_in(wei).get(page).content.decode()
        answer = signed_in(lead).post(
            reverse("inbound:settle", args=[found.pk]), {"resolution": "admitted", "reason": "promotion", "note": ""}
        )
        assert (answer.status_code, answer.headers["Location"]) == (302, page)
        assert signed_in(wei).post(desk, given | dates).status_code == 302
        assert Receipt.objects.get().admitted_by == lead
        assert found.code in signed_in(lead).get(reverse("inbound:discrepancies"), {"scope": "all"}).content.decode()

    @pytest.mark.row("P3.3")
    def test_take_one_scan_for_everything(self, notice: ShipmentNotice, wei: User) -> None:
        scan = "010690123456789211261105172911043740\u001d10HJ261105B"

        desk = signed_in(wei).get(reverse("inbound:receive", args=[notice.pk]), {"code": scan}).content.decode()
        answer = send(wei, f"shipments/{notice.pk}/receive/", {"code": scan, "message": "gate-1"})
        other = send(wei, f"shipments/{notice.pk}/receive/", {"code": scan, "lot_number": "HJ261105C", "message": "gate-2"})

        assert all(f'value="{filled}"' in desk for filled in ("HJ261105B", "20291104", "20261105", "40"))
        receipt = Receipt.objects.get()
        assert (answer.status_code, receipt.quantity, receipt.lot.number, receipt.lot.expiry_date) == (201, 40, "HJ261105B", goods.EXPIRES)
        assert (other.status_code, other.json()["code"]) == (422, "scan_differs")

    @pytest.mark.row("P3.3")
    def test_refuse_a_scan_of_the_known_lot_with_another_expiry(self, notice: ShipmentNotice, wei: User) -> None:
        goods.receive(notice, wei, quantity=1)

        answer = send(wei, f"shipments/{notice.pk}/receive/", {"code": "0106901234567892173011043740\u001d10HJ261105B", "message": "g"})

        assert (answer.status_code, answer.json()["code"]) == (409, "lot_differs")
        assert Lot.objects.get().expiry_date == goods.EXPIRES

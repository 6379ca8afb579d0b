"""What failed is written down once, decided on by whoever may, and its goods move with the decision or not at all."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from assurance.events.models import Job
from assurance.evidence.models import EvidenceEntry
from assurance.gates.actions import Stopped, open_stop
from assurance.gates.models import Stop
from assurance.notices.models import Notice
from assurance.refusals import OwnWork, WrongState
from assurance.roles import Kind, Role
from qc.inspections.actions import opening as inspections
from qc.inspections.models import Inspection
from qc.inspections.tasks import inspect_what_was_reworked
from qc.nonconformance import actions
from qc.nonconformance.actions import Proof, carrying, deciding, guarding, requesting
from qc.nonconformance.models import Disposition, DispositionMove, NonConformance
from tests import checks, factories, failures, goods, orders
from tests.factories import NOON
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove
from warehouse.stock.queries import balance, differences

if TYPE_CHECKING:
    from assurance.accounts.models import User

LAST_DAY = goods.TODAY + timedelta(days=30)


@pytest.fixture
def lena(bo: User) -> User:
    """The lead of quality control in Bo's warehouse."""
    return factories.user(Role.QC_LEAD, bo.organisation)


@pytest.fixture
def failed(amal: User, wei: User, bo: User) -> NonConformance:
    """50 units on hold, because 2 of 8 leak."""
    return failures.failed(amal, wei, bo, quantity=50)


def stands(row: NonConformance) -> dict[str, int]:
    assert row.lot is not None
    return {str(custody): units for custody in Custody if (units := balance(row.lot, custody)) > 0}


def stops(row: NonConformance) -> int:
    return Stop.objects.open(NOON).filter(lot_id=row.lot_id).count()


@pytest.mark.row("P5.1")
class TestAFailedInspection:
    def test_opens_exactly_one_with_defects_class_units_owner_and_deadline(self, failed: NonConformance, amal: User) -> None:
        inspection = Inspection.objects.get(pk=failed.source_id)
        assert NonConformance.objects.count() == 1
        assert (failed.stage, failed.lot_id, failed.quantity, failed.failing) == (
            "inbound",
            inspection.lot_id,
            50,
            inspection.nonconforming,
        )
        leaking = {"code": "leaking", "class": "major", "units": inspection.nonconforming, "zh": "渗漏", "en": "Leaking"}
        assert (failed.defects, failed.found) == ([leaking], [leaking | {"name": "Leaking"}])
        assert (failed.severity, failed.owner_id, failed.due_at) == ("major", amal.organisation_id, NOON + timedelta(days=5))

    def test_names_its_worst_class_and_gives_less_time_for_it(self, amal: User, wei: User, bo: User) -> None:
        row = failures.failed(amal, wei, bo, "cosmetic-foreign-body", quantity=50)
        assert (row.severity, row.due_at) == ("critical", NOON + timedelta(days=2))

    def test_is_refused_by_the_database_without_one(self, amal: User, wei: User, bo: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("qc.inspections.actions.concluding.open_non_conformances", lambda *_, **__: None)
        with pytest.raises(IntegrityError, match="failed without a non-conformance"):
            _reject_and_commit(amal, wei, bo)

    def test_of_a_parcel_keeps_the_points_and_the_photographs(self, amal: User, wei: User, bo: User) -> None:
        checks.lists()
        parcel = checks.packed(amal, wei, orders.stocked(amal, wei, quantity=5))
        photo = checks.picture(bo)
        check = checks.check(parcel, bo, label=False, photos={"label": [photo.pk]})

        row = NonConformance.objects.get()
        assert (row.stage, row.source_id, row.parcel_id, row.owner_id) == ("outbound", check.pk, parcel.pk, wei.organisation_id)
        assert [one["code"] for one in row.defects] == ["label"]
        assert [one.file_id for one in row.photos.all()] == [photo.pk]


@transaction.atomic
def _reject_and_commit(amal: User, wei: User, bo: User) -> None:
    """Reject a lot and let deferred constraints speak."""
    failures.rejected(amal, wei, bo)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class TestAMerchantsWish:
    def test_waits_for_the_lead_and_then_takes_its_units(self, failed: NonConformance, amal: User, lena: User, wei: User) -> None:
        wish = failures.ask(failed, amal, "return_to_merchant", 50)
        assert (wish.state, stops(failed)) == ("requested", 1)

        actions.approve(disposition_id=wish.pk, actor=lena, at=NOON)
        failed.refresh_from_db()
        assert (failed.assigned, failed.settled, stops(failed)) == (50, 0, 0)

        failures.carry(wish, wei, 50)
        failed.refresh_from_db()
        assert (failed.state, failed.settled, stands(failed)) == ("closed", 50, {"returned": 50})
        assert differences() == []

    def test_may_be_refused_with_a_reason_or_taken_back(self, failed: NonConformance, amal: User, chidi: User, lena: User) -> None:
        first, second = (failures.ask(failed, amal, "downgrade", 10) for _ in range(2))
        with pytest.raises(guarding.ReasonMissing):
            actions.refuse(disposition_id=first.pk, actor=lena, at=NOON, reason=" ")
        actions.refuse(disposition_id=first.pk, actor=lena, at=NOON, reason="not worth it")
        with pytest.raises(OwnWork):
            actions.withdraw(disposition_id=second.pk, actor=chidi, at=NOON)
        actions.withdraw(disposition_id=second.pk, actor=amal, at=NOON)
        assert list(Disposition.objects.order_by("id").values_list("state", flat=True)) == ["refused", "withdrawn"]
        with pytest.raises(WrongState):
            actions.approve(disposition_id=first.pk, actor=lena, at=NOON)

    def test_is_told_to_the_lead_and_its_answer_to_him(self, failed: NonConformance, amal: User, lena: User) -> None:
        wish = failures.ask(failed, amal, "return_to_merchant", 50)
        actions.tell_opened(non_conformance_id=failed.pk, at=NOON)
        actions.tell_disposition(disposition_id=wish.pk, at=NOON)
        actions.approve(disposition_id=wish.pk, actor=lena, at=NOON)
        actions.tell_disposition(disposition_id=wish.pk, at=NOON)
        told = set(Notice.objects.filter(link=f"/non-conformances/{failed.pk}/").values_list("kind", "recipient_id"))
        assert told == {("non_conformance_opened", amal.pk), ("disposition_requested", lena.pk), ("disposition_approved", amal.pk)}


@pytest.mark.row("P5.2")
class TestADisposition:
    def test_of_sorting_releases_the_good_units_only_and_counts_each(self, failed: NonConformance, lena: User, bo: User) -> None:
        decision = failures.ask(failed, lena, "sort", 50)
        failures.carry(decision, bo, 20, sorted_out=3)
        assert stands(failed) == {"released": 20, "held": 30}
        failures.carry(decision, bo, 25, sorted_out=2)

        decision.refresh_from_db()
        failed.refresh_from_db()
        assert (decision.state, decision.settled, decision.sorted_out) == ("done", 45, 5)
        assert (stands(failed), failed.state, failed.undecided) == ({"released": 45, "held": 5}, "open", 5)
        failures.carry(failures.ask(failed, lena, "return_to_merchant", 5), bo, 5)
        failed.refresh_from_db()
        assert (failed.state, stands(failed)) == ("closed", {"released": 45, "returned": 5})

    def test_of_destroying_needs_a_witness_a_photograph_and_a_certificate(
        self, failed: NonConformance, lena: User, bo: User, chidi: User
    ) -> None:
        decision = failures.ask(failed, lena, "destroy", 50)
        photo = checks.picture(bo)
        whole = {"witness_id": lena.pk, "photo_id": photo.pk, "certificate_number": "XH-2026-1"}
        refusals: list[tuple[dict[str, Any], type[Exception]]] = [
            ({"witness_id": bo.pk}, carrying.WitnessMissing),
            ({"witness_id": chidi.pk}, carrying.WitnessMissing),
            ({"photo_id": checks.picture(chidi).pk}, carrying.PhotoMissing),
            ({"certificate_number": " "}, carrying.CertificateMissing),
        ]
        for wrong, refusal in refusals:
            with pytest.raises(refusal):
                failures.carry(decision, bo, 50, proof=Proof(**whole | wrong))
        assert stands(failed) == {"held": 50}
        failures.carry(decision, bo, 50, proof=Proof(**whole))
        assert stands(failed) == {"destroyed": 50}
        entry = EvidenceEntry.objects.get(kind="goods_disposed")
        says = json.loads(bytes(entry.body))["says"]
        assert (says["kind"], says["quantity"], says["certificate_number"]) == ("destroy", 50, "XH-2026-1")

    def test_leaves_nothing_behind_when_its_stock_move_is_refused(self, failed: NonConformance, lena: User, bo: User) -> None:
        decision = failures.ask(failed, lena, "sort", 50)
        open_stop(merchant_id=failed.merchant_id, product_id=failed.product_id, code="lab", because="lead found", actor=None, at=NOON)
        before = StockMove.objects.count()
        with pytest.raises(Stopped):
            failures.carry(decision, bo, 50)
        decision.refresh_from_db()
        assert (decision.settled, DispositionMove.objects.count(), StockMove.objects.count()) == (0, 0, before)
        assert stands(failed) == {"held": 50}

    def test_moves_nothing_when_what_is_written_of_it_fails(
        self, failed: NonConformance, lena: User, bo: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        decision = failures.ask(failed, lena, "return_to_merchant", 50)

        def break_down(*_: object, **__: object) -> None:
            raise RuntimeError("killed here")

        monkeypatch.setattr(carrying, "_finish", break_down)
        with pytest.raises(RuntimeError):
            failures.carry(decision, bo, 50)
        assert (stands(failed), DispositionMove.objects.count()) == ({"held": 50}, 0)
        assert not StockMove.objects.filter(reference__startswith="disposition:").exists()

    def test_is_refused_by_the_database_without_its_own_stock_move(self, failed: NonConformance, lena: User, bo: User) -> None:
        decision = failures.ask(failed, lena, "return_to_merchant", 50)
        held = StockMove.objects.get(lot_id=failed.lot_id, target="held")
        values = {"merchant_id": failed.merchant_id, "warehouse_id": failed.warehouse_id, "disposition": decision, "lot_id": failed.lot_id}
        values |= {"kind": "return_to_merchant", "actor": bo, "at": NOON, "day_date": goods.TODAY, "evidence_entry_id": 1}
        for told, refusal in (({"quantity": 50}, "disposition_moves_goods"), ({"quantity": 50, "move": held}, "moves its own goods")):
            with pytest.raises(IntegrityError, match=refusal), transaction.atomic():
                DispositionMove.objects.create(**values | told)

    def test_shares_the_units_with_others_until_they_are_used_up_never_above(self, failed: NonConformance, lena: User, amal: User) -> None:
        wish = failures.ask(failed, amal, "downgrade", 30)
        failures.ask(failed, lena, "sort", 20)
        with pytest.raises(guarding.TooManyUnits):
            failures.ask(failed, lena, "destroy", 31)
        failures.ask(failed, lena, "destroy", 25)
        with pytest.raises(guarding.TooManyUnits):
            actions.approve(disposition_id=wish.pk, actor=lena, at=NOON)
        with pytest.raises(IntegrityError, match="non_conformance_is_not_overdrawn"), transaction.atomic():
            Disposition.objects.filter(pk=wish.pk).update(state="approved", decided_by=lena, decided_at=NOON)
        failed.refresh_from_db()
        assert (failed.assigned, stops(failed)) == (45, 1)

    def test_is_carried_out_in_its_own_warehouse_up_to_its_units(self, failed: NonConformance, lena: User, bo: User) -> None:
        decision = failures.ask(failed, lena, "return_to_merchant", 10)
        elsewhere = factories.user(Role.QC_LEAD, factories.organisation(Kind.WAREHOUSE))
        for refusal, actor, quantity, sorted_out in (
            (guarding.OtherWarehouse, elsewhere, 10, 0),
            (carrying.MoreThanDecided, bo, 11, 0),
            (carrying.NothingCarried, bo, 0, 0),
            (carrying.NotSorted, bo, 1, 1),
        ):
            with pytest.raises(refusal):
                failures.carry(decision, actor, quantity, sorted_out=sorted_out)
        assert stands(failed) == {"held": 50}


@pytest.mark.row("P5.4")
class TestAConcession:
    def test_is_approved_by_somebody_else_only(self, failed: NonConformance, lena: User, amal: User) -> None:
        own = failures.ask(failed, lena, "use_as_is", 20, ends_date=LAST_DAY)
        assert own.state == "requested"
        with pytest.raises(OwnWork):
            actions.approve(disposition_id=own.pk, actor=lena, at=NOON)
        with pytest.raises(IntegrityError, match="concession_approved_by_another"), transaction.atomic():
            Disposition.objects.filter(pk=own.pk).update(state="approved", decided_by=lena, decided_at=NOON)
        admin = factories.user(Role.PLATFORM_ADMIN, factories.organisation(Kind.PLATFORM))
        assert actions.approve(disposition_id=own.pk, actor=admin, at=NOON).state == "approved"

    def test_has_an_end_and_is_not_for_critical_defects(self, failed: NonConformance, amal: User, wei: User, bo: User) -> None:
        for end in (None, goods.TODAY, goods.TODAY + timedelta(days=181)):
            with pytest.raises(requesting.EndMissing):
                failures.ask(failed, amal, "use_as_is", 20, ends_date=end)
        with pytest.raises(requesting.EndNotAsked):
            failures.ask(failed, amal, "destroy", 20, ends_date=LAST_DAY)
        critical = failures.failed(amal, wei, bo, "cosmetic-foreign-body", quantity=50, lot="HJ2")
        with pytest.raises(requesting.NotOffered):
            failures.ask(critical, amal, "use_as_is", 20, ends_date=LAST_DAY)
        with pytest.raises(IntegrityError, match="concession_has_an_end"), transaction.atomic():
            Disposition.objects.create(
                merchant_id=failed.merchant_id,
                warehouse_id=failed.warehouse_id,
                non_conformance=failed,
                lot_id=failed.lot_id,
                kind="use_as_is",
                quantity=1,
                reason="x",
                requested_at=NOON,
            )

    def test_counts_what_is_taken_and_stops_at_its_quantity(self, failed: NonConformance, lena: User, amal: User, bo: User) -> None:
        failures.ask(failed, lena, "return_to_merchant", 30)
        wish = failures.ask(failed, amal, "use_as_is", 20, ends_date=LAST_DAY)
        actions.approve(disposition_id=wish.pk, actor=lena, at=NOON)
        failures.carry(wish, bo, 15)
        with pytest.raises(carrying.MoreThanDecided):
            failures.carry(wish, bo, 6)
        failures.carry(wish, bo, 5)
        wish.refresh_from_db()
        assert (wish.state, wish.settled, stands(failed)) == ("done", 20, {"released": 20, "held": 30})

    def test_gives_nothing_after_its_last_day_and_what_is_left_is_decided_again(
        self, failed: NonConformance, lena: User, amal: User, bo: User
    ) -> None:
        wish = failures.ask(failed, amal, "use_as_is", 50, ends_date=LAST_DAY)
        actions.approve(disposition_id=wish.pk, actor=lena, at=NOON)
        failures.carry(wish, bo, 10, at=NOON + timedelta(days=30))
        after = NOON + timedelta(days=31)
        with pytest.raises(deciding.ConcessionPast):
            failures.carry(wish, bo, 1, at=after)

        assert actions.apply_defaults(at=after) == 1
        wish.refresh_from_db()
        failed.refresh_from_db()
        assert (wish.state, wish.settled, failed.assigned, failed.undecided) == ("ended", 10, 10, 40)
        assert failed.due_at == after + timedelta(days=5)


class TestADeadline:
    def test_returns_to_the_merchant_what_nobody_decided_on(self, failed: NonConformance, amal: User, bo: User, lena: User) -> None:
        failures.ask(failed, lena, "sort", 20)
        late = failed.due_at + timedelta(hours=1)
        assert actions.apply_defaults(at=failed.due_at - timedelta(hours=1)) == 0
        assert actions.apply_defaults(at=late) == 1
        assert actions.apply_defaults(at=late) == 0

        default = Disposition.objects.get(kind="return_to_merchant")
        assert (default.state, default.quantity, default.decided_by, stops(failed)) == ("approved", 30, None, 0)
        failures.carry(default, bo, 30, at=late)
        assert stands(failed) == {"held": 20, "returned": 30}

    def test_decides_nothing_while_a_wish_waits(self, failed: NonConformance, amal: User) -> None:
        failures.ask(failed, amal, "downgrade", 50)
        assert actions.apply_defaults(at=failed.due_at + timedelta(days=1)) == 0


class TestReworkedGoods:
    def test_are_inspected_again_apart_from_what_arrives_and_not_counted_as_original(
        self, failed: NonConformance, lena: User, bo: User, amal: User, wei: User
    ) -> None:
        failures.carry(failures.ask(failed, lena, "relabel", 30), bo, 30)
        assert stands(failed) == {"held": 20, "pending": 30}
        assert failed.lot is not None
        product = failed.lot.product
        goods.receive(goods.announced(amal, wei.organisation, goods.line(product, quantity=7)), wei)

        arrived = inspections.open_inspection(lot_id=failed.lot.pk, actor=None, at=NOON)
        assert Job.objects.filter(handler="qc.inspections.inspect_what_was_reworked").count() == 1
        inspect_what_was_reworked(lot_id=failed.lot.pk)
        again = Inspection.objects.get(lot=failed.lot, is_original=False)
        assert (arrived.is_original, arrived.lot_size, again.lot_size) == (True, 7, 30)
        with pytest.raises(inspections.NothingToInspect):
            inspections.open_inspection(lot_id=failed.lot.pk, actor=None, at=NOON, is_original=False)

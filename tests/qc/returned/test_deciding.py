"""Inspecting what came back and deciding what becomes of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from assurance.events.models import Event
from assurance.evidence.models import EvidenceEntry, Fact
from assurance.fees.models import Operation
from assurance.gates.actions import Stopped, open_stop
from assurance.refusals import OwnWork, WrongState
from qc.checks.actions.judged import PhotoMissing
from qc.inspections.actions.opening import NothingToInspect, open_inspection
from qc.inspections.queries import uninspected_units
from qc.nonconformance.models import NonConformance
from qc.returned import actions, queries
from qc.returned.actions import Disposal, ReturnCheck
from qc.returned.actions.disposing import DecidedByDeadline, NotFresh, ReasonMissing, WitnessMissing
from qc.returned.actions.inspecting import OtherWarehouse
from qc.returned.models import ReturnDisposition, ReturnInspection
from tests import checks, goods, orders
from tests.checks import AS_NEW, LATER
from tests.factories import NOON
from warehouse.returns.actions import receive_returns
from warehouse.returns.actions.settling import NotOffered
from warehouse.returns.grades import Disposition
from warehouse.returns.models import ReturnUnit
from warehouse.stock.custody import Custody
from warehouse.stock.queries import balance


@pytest.fixture
def lot(amal, wei):
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def parcel(lot, amal, wei, bo):
    return checks.shipped(amal, wei, bo, lot)


@pytest.fixture
def unit(parcel, lot, wei):
    return checks.unit(parcel, lot, wei)


def decide(unit, actor, disposition, **given):
    return actions.dispose([Disposal(unit.pk, Disposition(disposition), **given)], actor=actor, at=LATER)[0]


def units(lot):
    return {custody: balance(lot, Custody(custody)) for custody in ("pending", "held", "returned", "destroyed", "shipped")}


class TestAReturnedUnit:
    @pytest.mark.row("P8.2")
    def test_as_it_left_is_as_new_and_nobodys_fault(self, unit, bo, parcel):
        found = checks.inspect(unit, bo)

        unit.refresh_from_db()
        assert (found.grade, found.reason, found.party) == ("a", "Every point is as it left the warehouse.", "none")
        assert (unit.state, unit.grade, unit.return_parcel.state) == ("graded", "a", "inspected")
        assert found.outbound.parcel_id == parcel.pk

    def test_is_told_with_evidence_fee_and_news(self, unit, bo, lot, parcel):
        found = checks.inspect(unit, bo, seal=False)

        entry = EvidenceEntry.objects.get(pk=found.evidence_entry_id)
        assert (entry.kind, entry.product_id, entry.lot_id) == ("return_graded", lot.product_id, lot.pk)
        metered = Operation.objects.get(kind="return_check")
        assert (metered.source_kind, metered.source_id, metered.quantity) == ("qc.returninspection", found.pk, 1)
        ids = Event.objects.get(kind="qc.return.graded").ids
        assert ids == {
            "inspection_id": found.pk,
            "return_unit_id": unit.pk,
            "return_id": unit.return_parcel_id,
            "parcel_id": parcel.pk,
            "order_id": parcel.order_id,
            "product_id": lot.product_id,
            "lot_id": lot.pk,
        }

    @pytest.mark.row("A8.1")
    def test_that_changed_says_whom_it_speaks_against_and_why(self, unit, bo):
        photo = checks.picture(bo)

        found = checks.inspect(unit, bo, outer_packaging="damaged", seal=False, photos={"outer_packaging": [photo.pk]})

        assert (found.grade, found.party) == ("c", "courier")
        sheet = queries.sheet(ReturnUnit.objects.select_related("product").get(pk=unit.pk))
        worse = [pair for pair in sheet.pairs if pair.is_worse]
        assert [(pair.name, pair.before.words, pair.after.words) for pair in worse] == [
            ("Outer packaging", "Intact, dry and firmly closed", "Torn or wet"),
            ("Seal and anti-fake code are intact", "Yes", "No"),
        ]
        assert worse[0].after.photos == [photo]
        assert [(why.point, str(why.party), why.words) for why in sheet.why] == [
            ("Outer packaging", "Courier", "It was in order when the parcel left."),
            ("Seal and anti-fake code are intact", "Consumer", "It was in order when the parcel left."),
        ]

    @pytest.mark.row("P8.3")
    def test_that_is_a_wrong_item_is_unsellable_whatever_it_looks_like(self, parcel, lot, wei, bo):
        wrong = checks.unit(parcel, lot, wei, lot_number="ELSE")

        found = checks.inspect(wrong, bo)

        assert (found.grade, found.party) == ("d", "consumer")
        assert [value for value, _ in queries.choices_of(found.unit)] == ["return_to_merchant", "destroy"]

    def test_that_fails_is_shown_on_a_photo(self, unit, bo):
        with pytest.raises(PhotoMissing):
            checks.inspect(unit, bo, condition="worn")

    def test_is_inspected_once_by_somebody_else_than_who_received_it_here(self, unit, bo, wei, bob):
        with pytest.raises(OwnWork):
            checks.inspect(unit, wei)
        with pytest.raises(OtherWarehouse):
            checks.inspect(unit, bob)
        checks.inspect(unit, bo)
        with pytest.raises(WrongState):
            checks.inspect(unit, bo)

        assert ReturnInspection.objects.count() == 1

    def test_adds_to_the_shares_of_grades(self, unit, bo, lot):
        checks.inspect(unit, bo, seal=False)

        actions.report_grades(product_id=lot.product_id, as_of=LATER, at=LATER)

        facts = Fact.objects.filter(subject_id=lot.product_id, name__startswith="return_grade")
        assert {fact.name[-1]: (str(fact.value), fact.sample_size) for fact in facts} == {
            "a": ("0.000000", 1),
            "b": ("1.000000", 1),
            "c": ("0.000000", 1),
            "d": ("0.000000", 1),
        }


class TestAnInboundInspection:
    @pytest.mark.row("P8.5")
    def test_does_not_judge_what_came_back(self, unit, lot, amal, wei):
        goods.catalogue()
        with pytest.raises(NothingToInspect):
            open_inspection(lot_id=lot.pk, actor=None, at=LATER)
        more = goods.announced(amal, wei.organisation, goods.line(lot.product, lot=lot.number, quantity=50))
        goods.receive(more, wei)

        assert open_inspection(lot_id=lot.pk, actor=None, at=LATER).lot_size == 50
        assert uninspected_units(lot) == 0


class TestADecision:
    @pytest.mark.row("P5.2", "P8.5")
    def test_to_restock_clears_and_releases_the_unit(self, unit, bo, lot):
        checks.inspect(unit, bo)
        before = balance(lot, Custody.RELEASED)

        done = decide(unit, bo, "restock")

        unit.refresh_from_db()
        assert balance(lot, Custody.RELEASED) == before + 1
        clearance = done.clearance
        assert (clearance.subject_id, clearance.stage, clearance.verdict, clearance.tranche) == (lot.pk, "return", "released", unit.pk)
        assert lot.moves.get(clearance=clearance).target == "released"
        assert (unit.state, unit.return_parcel.state, unit.settled_at) == ("restocked", "closed", LATER)

    @pytest.mark.row("P5.2")
    @pytest.mark.parametrize(
        ("disposition", "given", "state", "custody"),
        [
            ("hold", {}, "held", "held"),
            ("return_to_merchant", {}, "returned", "returned"),
            ("destroy", {"reason": "mould"}, "destroyed", "destroyed"),
        ],
    )
    def test_moves_the_goods_where_it_says(self, unit, bo, bea, lot, disposition, given, state, custody):
        checks.inspect(unit, bo, seal=False)
        witness = {"witness_id": bea.pk} if disposition == "destroy" else {}

        decide(unit, bo, disposition, **given, **witness)

        unit.refresh_from_db()
        assert unit.state == state
        assert units(lot) == {"pending": 0, "held": 0, "returned": 0, "destroyed": 0, "shipped": 0} | {custody: 1}
        assert unit.return_parcel.state == ("inspected" if disposition == "hold" else "closed")

    def test_to_put_aside_is_followed_by_another(self, unit, bo, bea, lot):
        checks.inspect(unit, bo)
        decide(unit, bo, "hold")

        decide(unit, bo, "restock")

        unit.refresh_from_db()
        assert (unit.state, ReturnDisposition.objects.count(), balance(lot, Custody.HELD)) == ("restocked", 2, 0)
        with pytest.raises(WrongState):
            decide(unit, bo, "return_to_merchant")

    @pytest.mark.row("P8.2")
    @pytest.mark.parametrize(
        ("answers", "disposition"), [({"seal": False}, "restock"), ({"shelf_life": False}, "hold"), ({"shelf_life": False}, "restock")]
    )
    def test_is_limited_by_the_grade(self, unit, bo, answers, disposition, lot):
        checks.inspect(unit, bo, **answers)
        before = units(lot)

        with pytest.raises(NotOffered):
            decide(unit, bo, disposition)

        assert units(lot) == before
        assert not ReturnDisposition.objects.exists()

    def test_to_destroy_needs_a_reason_and_somebody_who_saw_it(self, unit, bo, bea, bob, lot):
        checks.inspect(unit, bo, seal=False)

        with pytest.raises(ReasonMissing):
            decide(unit, bo, "destroy", witness_id=bea.pk)
        for witness in (None, bo.pk, bob.pk):
            with pytest.raises(WitnessMissing):
                decide(unit, bo, "destroy", reason="mould", witness_id=witness)

        assert units(lot)["pending"] == 1

    @pytest.mark.row("P8.5")
    def test_to_restock_asks_for_shelf_life_again(self, amal, wei, bo):
        checks.lists()
        short = orders.stocked(amal, wei, produced_date=date(2026, 1, 1), expiry_date=date(2027, 3, 20))
        unit = checks.unit(checks.shipped(amal, wei, bo, short), short, wei)
        checks.inspect(unit, bo)

        with pytest.raises(NotFresh):
            decide(unit, bo, "restock")

        assert units(short)["pending"] == 1

    @pytest.mark.row("P8.5")
    def test_to_restock_asks_the_rule_of_the_category(self, amal, wei, bo):
        checks.lists()
        rule = {"code": "food", "inbound": [{"age": "9/10"}], "gift": "1/2", "near": [{"days": 400}], "stop": [{"days": 10}]}
        product = goods.enrolled(amal.organisation, category=goods.category("snacks", shelf_life=rule))
        lot = orders.stocked(amal, wei, product=product, produced_date=date(2026, 6, 1), expiry_date=date(2027, 12, 1))
        unit = checks.unit(checks.shipped(amal, wei, bo, lot), lot, wei)
        checks.inspect(unit, bo)

        with pytest.raises(NotFresh):
            decide(unit, bo, "restock")

        assert units(lot)["pending"] == 1

    @pytest.mark.row("P8.5")
    def test_to_restock_asks_for_stops_again(self, unit, bo, lot, eve):
        checks.inspect(unit, bo)
        open_stop(merchant_id=lot.merchant_id, lot_id=lot.pk, code="recall", because="recalled", actor=eve, at=NOON)

        with pytest.raises(Stopped):
            decide(unit, bo, "restock")

        assert not ReturnDisposition.objects.exists()
        assert units(lot)["pending"] == 1


@pytest.mark.row("P5.1")
class TestAUnitThatNobodyCanSell:
    def test_opens_exactly_one_non_conformance_which_its_decision_closes(self, parcel, lot, wei, bo):
        unit = checks.unit(parcel, lot, wei)
        found = checks.inspect(unit, bo, outer_packaging="damaged", photos={"outer_packaging": [checks.picture(bo).pk]})

        row = NonConformance.objects.get()
        assert (row.stage, row.source_id, row.lot_id, row.quantity, row.owner_id) == ("return", found.pk, lot.pk, 1, wei.organisation_id)
        assert ([one["name"] for one in row.found], row.photos.count()) == (["Outer packaging"], 1)
        assert (row.severity, row.due_at) == ("major", LATER + timedelta(days=5))
        decide(unit, bo, "hold")
        assert NonConformance.objects.get().state == "open"
        decide(unit, bo, "return_to_merchant")
        assert NonConformance.objects.get().remedy == "The unit was sent back to the merchant."

    def test_goes_back_to_the_merchant_if_nobody_decides_in_time(self, parcel, lot, wei, bo, bea):
        unit = checks.unit(parcel, lot, wei, lot_number="ELSE")
        checks.inspect(unit, bo)
        due_at = NonConformance.objects.get().due_at

        assert (actions.apply_defaults(at=due_at - timedelta(seconds=1)), actions.apply_defaults(at=due_at)) == (0, 1)
        assert actions.apply_defaults(at=due_at) == 0
        unit.refresh_from_db()
        assert [value for value, _ in queries.choices_of(unit)] == ["return_to_merchant"]
        with pytest.raises(DecidedByDeadline):
            decide(unit, bo, "destroy", reason="mould", witness_id=bea.pk)
        decide(unit, bo, "return_to_merchant")
        assert NonConformance.objects.get().state == "closed"

    def test_is_refused_by_the_database_without_one(self, unit, bo, monkeypatch):
        monkeypatch.setattr("qc.returned.actions.inspecting.open_failed", lambda *_, **__: None)
        checks.inspect(unit, bo, shelf_life=False)
        with pytest.raises(IntegrityError, match="failed without a non-conformance"):
            connection.check_constraints()


class TestMany:
    def test_cost_as_many_queries_as_one(self, amal, wei, bo, lot):
        parcels = [checks.shipped(amal, wei, bo, lot) for _ in range(7)]
        received = receive_returns([checks.arrived(parcel, lot) for parcel in parcels], actor=wei, at=LATER)
        found = [row.units.get().pk for row in received]

        counts = []
        for some in (found[:1], found[1:]):
            with CaptureQueriesContext(connection) as inspected:
                entries = [ReturnCheck(pk, AS_NEW, at=LATER + timedelta(seconds=pk)) for pk in some]
                actions.inspect_returns(entries, actor=bo, at=LATER)
            with CaptureQueriesContext(connection) as decided:
                actions.dispose([Disposal(pk, Disposition.RESTOCK) for pk in some], actor=bo, at=LATER)
            counts.append((len(inspected), len(decided)))

        assert counts[0] == counts[1]
        assert balance(lot, Custody.RELEASED) == 100

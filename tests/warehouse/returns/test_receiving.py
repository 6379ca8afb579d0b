"""Taking in what customers send back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from assurance.database import constraint_of
from assurance.events.models import Event
from assurance.evidence.models import Fact
from assurance.fees.models import Operation
from assurance.files.models import StoredFile
from assurance.refusals import WrongState
from tests import checks, orders
from tests.checks import LATER
from tests.factories import NOON
from warehouse.orders import actions as parcels
from warehouse.orders.actions import Step
from warehouse.orders.actions.packing import SerialMissing, SerialTwice
from warehouse.returns import actions
from warehouse.returns.actions import ArrivedReturn, ExpectedReturn, ScannedUnit, receiving
from warehouse.returns.actions.announcing import ParcelNotShipped, ReferenceReused, TrackingNumberKnown
from warehouse.returns.actions.identifying import PhotoMissing
from warehouse.returns.actions.receiving import BeyondShipped, NothingScanned, OtherWarehouse, SerialNeeded
from warehouse.returns.models import ReturnParcel, ReturnUnit
from warehouse.stock.custody import Custody
from warehouse.stock.models import StockMove
from warehouse.stock.queries import balance


@pytest.fixture
def lot(amal, wei):
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def parcel(lot, amal, wei, bo):
    return checks.shipped(amal, wei, bo, lot, 3)


class TestAnAnnouncedReturn:
    def test_is_announced_once_per_reference(self, parcel, amal):
        entry = ExpectedReturn(parcel.pk, "SF1234567", "顺丰", "case:12", "damaged")

        first = actions.announce_returns([entry], actor=amal, at=LATER)[0]
        again = actions.announce_returns([entry], actor=amal, at=LATER)[0]

        assert again == first
        assert (first.state, first.merchant_id, first.warehouse_id) == ("announced", parcel.merchant_id, parcel.warehouse_id)
        assert Event.objects.get(kind="warehouse.return.announced").ids["order_id"] == parcel.order_id

    def test_is_of_a_parcel_that_left(self, lot, amal, wei):
        parcel = checks.packed(amal, wei, lot)

        with pytest.raises(ParcelNotShipped):
            actions.announce_returns([ExpectedReturn(parcel.pk)], actor=amal, at=LATER)

    def test_keeps_its_reference_and_its_number_to_itself(self, parcel, lot, amal, wei, bo):
        other = checks.shipped(amal, wei, bo, lot)
        actions.announce_returns([ExpectedReturn(parcel.pk, "SF1", "顺丰", "case:1")], actor=amal, at=LATER)

        with pytest.raises(ReferenceReused):
            actions.announce_returns([ExpectedReturn(other.pk, "SF2", "顺丰", "case:1")], actor=amal, at=LATER)
        with pytest.raises(TrackingNumberKnown):
            actions.announce_returns([ExpectedReturn(other.pk, "SF1", "顺丰", "case:2")], actor=amal, at=LATER)

    def test_is_the_one_that_arrives(self, parcel, lot, amal, wei):
        row = actions.announce_returns([ExpectedReturn(parcel.pk)], actor=amal, at=LATER)[0]

        assert checks.back(parcel, lot, wei) == row

    def test_may_be_called_off_before_it_arrives_only(self, parcel, lot, amal, wei):
        row = actions.announce_returns([ExpectedReturn(parcel.pk)], actor=amal, at=LATER)[0]
        assert actions.cancel_return(return_id=row.pk, reason="keeps it", actor=amal, at=LATER).state == "cancelled"

        with pytest.raises(WrongState):
            actions.cancel_return(return_id=checks.back(parcel, lot, wei).pk, reason="late", actor=amal, at=LATER)


class TestAReturn:
    @pytest.mark.row("P8.5")
    def test_comes_back_to_pending_and_can_be_promised_to_nobody(self, parcel, lot, wei):
        before = balance(lot, Custody.RELEASED)

        row = checks.back(parcel, lot, wei, 2)

        assert (row.state, row.merchant_id) == ("received", parcel.merchant_id)
        assert [(unit.kind, unit.ordinal, unit.state, unit.lot_id) for unit in row.units.order_by("id")] == [
            ("expected", 1, "received", lot.pk),
            ("expected", 2, "received", lot.pk),
        ]
        assert (balance(lot, Custody.SHIPPED), balance(lot, Custody.PENDING), balance(lot, Custody.RELEASED)) == (1, 2, before)
        move = StockMove.objects.get(lot=lot, source="shipped")
        assert (move.target, move.quantity, move.because, move.parcel_id) == ("pending", 2, "came_back", parcel.pk)

    def test_is_metered_unit_by_unit(self, parcel, lot, wei):
        row = checks.back(parcel, lot, wei, 2)

        metered = Operation.objects.filter(kind="return_operation")
        assert set(metered.values_list("source_kind", "source_id", "merchant_id", "quantity")) == {
            ("warehouse.returnunit", unit.pk, parcel.merchant_id, 1) for unit in row.units.all()
        }

    @pytest.mark.row("P8.3")
    def test_of_another_lot_or_product_is_a_wrong_item_and_no_stock(self, parcel, lot, amal, wei):
        scans = [ScannedUnit(lot.product.sku, "OTHER-LOT"), ScannedUnit("BRICK", "")]

        row = actions.receive_returns([ArrivedReturn(parcel.pk, scans)], actor=wei, at=LATER)[0]

        found = [(unit.kind, unit.product_id, unit.lot_id, unit.scanned_lot) for unit in row.units.order_by("id")]
        assert found == [("wrong_item", lot.product_id, None, "OTHER-LOT"), ("wrong_item", None, None, "")]
        assert balance(lot, Custody.SHIPPED) == 3

    @pytest.mark.row("P8.4")
    def test_may_come_in_parts_but_never_beyond_what_was_shipped(self, parcel, lot, wei):
        checks.back(parcel, lot, wei, 2)

        with pytest.raises(BeyondShipped) as refused:
            checks.back(parcel, lot, wei, 2)

        assert str(refused.value) == "3 units were shipped and 3 are back. Count again, or say why there are more."
        assert [unit.ordinal for unit in checks.back(parcel, lot, wei, 1).units.all()] == [3]

    @pytest.mark.row("P8.4")
    def test_may_exceed_what_was_shipped_for_a_reason_and_stays_out_of_stock(self, parcel, lot, wei):
        row = checks.back(parcel, lot, wei, 4, override_reason="the buyer put one of another order in")

        assert [unit.kind for unit in row.units.order_by("id")] == ["expected", "expected", "expected", "extra"]
        assert balance(lot, Custody.PENDING) == 3

    def test_is_taken_in_where_it_left_from_and_with_something_in_it(self, parcel, lot, wei, bob):
        with pytest.raises(OtherWarehouse):
            checks.back(parcel, lot, bob)
        with pytest.raises(NothingScanned):
            actions.receive_returns([ArrivedReturn(parcel.pk, [])], actor=wei, at=LATER)

    def test_changes_the_products_return_rate(self, parcel, lot, wei):
        row = checks.back(parcel, lot, wei, 2)

        actions.report_return_rates(return_id=row.pk, as_of=LATER, at=LATER)

        fact = Fact.objects.get(name="return_rate", subject_id=lot.product_id)
        assert (str(fact.value), fact.sample_size) == ("0.666667", 3)

    def test_costs_as_many_queries_for_one_as_for_many(self, amal, wei, bo, lot):
        parcels = [checks.shipped(amal, wei, bo, lot) for _ in range(9)]

        with CaptureQueriesContext(connection) as one:
            actions.receive_returns([checks.arrived(parcels[0], lot)], actor=wei, at=LATER)
        with CaptureQueriesContext(connection) as many:
            actions.receive_returns([checks.arrived(parcel, lot) for parcel in parcels[1:]], actor=wei, at=LATER)

        assert len(many) == len(one)


class TestAnUnidentifiedReturn:
    @pytest.mark.row("P8.1")
    def test_is_kept_with_photos_as_the_platforms_until_it_is_matched(self, wei, platform, parcel, lot, amal):
        photo = checks.picture(wei)

        row = actions.receive_unidentified(photo_ids=[photo.pk], actor=wei, at=LATER, tracking_number="YD77", note="no label")

        assert (row.state, row.merchant, row.parcel_id) == ("unidentified", platform, None)
        assert not ReturnParcel.objects.visible_to(amal).exists()
        moves = StockMove.objects.count()
        matched = actions.match_return(return_id=row.pk, parcel_id=parcel.pk, actor=wei, at=LATER)
        assert (matched.state, matched.merchant_id, matched.parcel_id) == ("matched", parcel.merchant_id, parcel.pk)
        assert StockMove.objects.count() == moves  # nothing is stock before its units were counted
        assert StoredFile.objects.visible_to(amal).get(pk=photo.pk) == photo
        assert checks.back(parcel, lot, wei, return_id=row.pk).pk == row.pk
        assert balance(lot, Custody.PENDING) == 1

    @pytest.mark.row("P8.1")
    def test_needs_a_photo_of_ones_own(self, wei, platform, bob):
        with pytest.raises(PhotoMissing):
            actions.receive_unidentified(photo_ids=[checks.picture(bob).pk], actor=wei, at=LATER)

    def test_is_matched_once(self, wei, platform, parcel):
        row = actions.receive_unidentified(photo_ids=[checks.picture(wei).pk], actor=wei, at=LATER)
        actions.match_return(return_id=row.pk, parcel_id=parcel.pk, actor=wei, at=LATER)

        with pytest.raises(WrongState):
            actions.match_return(return_id=row.pk, parcel_id=parcel.pk, actor=wei, at=LATER)


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("values", "rule"),
        [
            ({"ordinal": 4}, "return_unit_within_shipped"),
            ({"ordinal": 1}, "return_unit_once_per_shipped_unit"),
            ({"ordinal": 3, "state": "restocked", "grade": "b"}, "return_unit_restocked_is_as_new"),
            ({"ordinal": 3, "state": "graded"}, "return_unit_is_graded_before_anything_else"),
            ({"kind": "wrong_item", "ordinal": None}, "return_unit_is_what_it_says"),
            ({"kind": "extra", "ordinal": None}, "return_unit_is_what_it_says"),
        ],
    )
    def test_refuses_units_that_cannot_be(self, parcel, lot, wei, values, rule):
        known = checks.unit(parcel, lot, wei)
        fields = {f.attname: getattr(known, f.attname) for f in ReturnUnit._meta.concrete_fields if f.attname != "id"}

        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            ReturnUnit.objects.create(**(fields | values))
        assert constraint_of(refused.value) == rule

    def test_lets_nobody_change_whose_a_return_is_or_a_grade(self, parcel, lot, wei, bo, other_merchant):
        unit = checks.unit(parcel, lot, wei)
        checks.inspect(unit, bo)

        for rule, table, pk, values in (
            ("return_is_matched_once", ReturnParcel, unit.return_parcel_id, {"merchant": other_merchant}),
            ("return_unit_is_graded_once", ReturnUnit, unit.pk, {"grade": "b"}),
            ("warehouse_returnparcel_state_edges", ReturnParcel, unit.return_parcel_id, {"state": "announced"}),
        ):
            with pytest.raises(IntegrityError) as refused, transaction.atomic():
                table.objects.filter(pk=pk).update(**values)
            assert constraint_of(refused.value) == rule


@pytest.mark.row("P8.3")
class TestUnitsWithNumbers:
    def test_are_kept_with_their_parcel_and_come_back_by_them(self, lot, amal, wei, bo):
        parcel = orders.picked(amal, wei, (lot.product, 2))
        scan = {"parcel_id": parcel.pk, "code": lot.product.sku, "lot_number": lot.number, "actor": wei, "at": NOON}
        parcels.scan(**scan, serial="S1")
        for serial, refusal in (("S1", SerialTwice), ("", SerialMissing)):
            with pytest.raises(refusal):
                parcels.scan(**scan, serial=serial)
        parcel = parcels.scan(**scan, serial="S2", closes=True)
        assert (parcel.state, parcel.items.get().serials) == ("packed", ["S1", "S2"])
        checks.check(parcel, bo)
        parcels.ship([Step(parcel.pk)], actor=wei, at=NOON)

        def back(serial, **given):
            arrived = ArrivedReturn(parcel.pk, [ScannedUnit(lot.product.sku, lot.number, serial=serial)], **given)
            return actions.receive_returns([arrived], actor=wei, at=LATER)[0].units.get()

        with pytest.raises(SerialNeeded):
            back("")
        assert [back(serial).kind for serial in ("S2", "S9")] == ["expected", "wrong_item"]
        with pytest.raises(receiving.SerialTwice):
            back("S2")
        unit = ReturnUnit.objects.get(kind="expected")
        unit.pk, unit.ordinal, unit.scanned_serial = None, 2, "S7"
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            unit.save(force_insert=True)
        assert constraint_of(refused.value) == "return_unit_has_a_shipped_serial"

"""Checking packed parcels before they leave."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assurance.events.models import Event
from assurance.gates.models import Clearance
from assurance.reference import newest
from assurance.refusals import OwnWork
from qc.checks import actions
from qc.checks.actions import ParcelCheck
from qc.checks.actions.checking import NotPacked, NotRepacked, OtherWarehouse
from qc.checks.actions.judged import AnswerUnclear, NoSuchPhoto, NoSuchPoint, PhotoMissing, PhotoShownBefore, PointUnanswered
from qc.checks.models import Checklist, CheckPhoto, OutboundCheck
from qc.nonconformance.models import NonConformance
from tests import checks, orders
from tests.checks import IN_ORDER
from tests.factories import NOON
from warehouse.orders import actions as parcels
from warehouse.orders import queries
from warehouse.orders.actions import Packing, Step

SOON = NOON + timedelta(minutes=10)


@pytest.fixture
def lot(amal, wei):
    checks.lists()
    return orders.stocked(amal, wei)


@pytest.fixture
def parcel(lot, amal, wei):
    return checks.packed(amal, wei, lot)


def again(parcel, wei):
    """Unpack a parcel and pack it once more."""
    parcels.unpack([Step(parcel.pk)], reason="new carton", actor=wei, at=SOON)
    parcels.pick([Step(parcel.pk)], actor=wei, at=SOON)
    scans = queries.scans_of([parcel.pk])
    return parcels.pack([Packing(parcel.pk, scans[parcel.pk], measured_weight_g=320)], actor=wei, at=SOON)[0]


@pytest.mark.row("P2.3")
class TestANewChecklist:
    def test_leaves_what_was_checked_and_asks_who_comes(self, parcel, lot, amal, wei, bo):
        before = checks.check(parcel, bo)
        told = newest("checklists")
        shorter = [one | {"from_date": "2026-11-20", "checkpoints": one["checkpoints"][:3]} for one in told["checklists"]]

        actions.load_checklists(data={"version": "t-shorter", "checklists": shorter}, at=NOON)

        before.refresh_from_db()
        assert (before.verdict, before.reason) == ("passed", "All 5 points are in order.")
        assert set(Checklist.objects.filter(pk__in=before.checklists).values_list("version", flat=True)) == {told["version"]}
        asked = {code: IN_ORDER[code] for code in ("right_item", "outer_packaging", "label")}
        [after] = actions.check_parcels([ParcelCheck(checks.packed(amal, wei, lot).pk, asked, {})], actor=bo, at=NOON)
        assert after.reason == "All 3 points are in order."


class TestAParcelInOrder:
    @pytest.mark.row("P7.2")
    def test_is_cleared_and_goes_on_with_its_clearance(self, parcel, bo):
        picture = checks.picture(bo)

        check = checks.check(parcel, bo, photos={"outer_packaging": [picture.pk]})

        parcel.refresh_from_db()
        assert (check.verdict, check.attempt, check.inspector_id) == ("passed", 1, bo.pk)
        assert check.reason == "All 5 points are in order."
        assert (parcel.state, parcel.clearance_id) == ("checked", check.clearance_id)
        assert (check.clearance.subject_kind, check.clearance.subject_id, check.clearance.stage) == ("parcel", parcel.pk, "outbound")
        assert check.photos.get().file == picture
        assert Event.objects.filter(kind="qc.parcel.checked", subject_id=check.pk).get().ids["order_id"] == parcel.order_id

    def test_shows_its_photographs_to_the_merchant(self, parcel, bo, amal):
        picture = checks.picture(bo)
        checks.check(parcel, bo, photos={"label": [picture.pk]})

        assert type(picture).objects.visible_to(amal).get(pk=picture.pk) == picture

    def test_is_checked_once_however_often_the_same_is_sent(self, parcel, bo):
        first = checks.check(parcel, bo)

        assert checks.check(parcel, bo) == first
        assert OutboundCheck.objects.count() == 1

    def test_is_not_checked_again_by_another(self, parcel, bo, bea):
        checks.check(parcel, bo)

        with pytest.raises(NotPacked):
            checks.check(parcel, bea)


class TestAParcelThatFails:
    def test_stays_packed_and_must_be_put_right(self, parcel, bo):
        picture = checks.picture(bo)

        check = checks.check(parcel, bo, outer_packaging="damaged", photos={"outer_packaging": [picture.pk]})

        parcel.refresh_from_db()
        assert (check.verdict, check.clearance.verdict, parcel.state) == ("failed", "refused", "packed")
        assert check.reason == "Not in order: 1 of 5 points."
        assert check.because["points"] == [{"point": "outer_packaging", "message": "Not fulfilled.", "params": {}}]
        assert NonConformance.objects.get().source_id == check.pk

    def test_is_not_checked_again_before_it_was_repacked(self, parcel, bo):
        checks.check(parcel, bo, label=False)

        with pytest.raises(NotRepacked):
            checks.check(parcel, bo)

    def test_passes_after_it_was_packed_again_and_nothing_is_left_to_put_right(self, parcel, bo, wei):
        failed = checks.check(parcel, bo, label=False)
        again(parcel, wei)

        check = actions.check_parcels([ParcelCheck(parcel.pk, IN_ORDER)], actor=bo, at=SOON)[0]

        parcel.refresh_from_db()
        assert (check.attempt, check.verdict, parcel.state) == (2, "passed", "checked")
        done = NonConformance.objects.get(stage="outbound", source_id=failed.pk)
        assert (done.state, done.remedy, done.closed_by) == ("closed", "The parcel was unpacked and packed again.", bo)
        assert list(Clearance.objects.of("parcel", parcel.pk).order_by("tranche").values_list("verdict", flat=True)) == [
            "refused",
            "released",
        ]

    @pytest.mark.row("P5.1")
    def test_is_opened_by_the_deadline_if_nobody_puts_it_right(self, parcel, bo, wei):
        checks.check(parcel, bo, label=False)
        row = NonConformance.objects.get()
        assert (row.due_at, [one["name"] for one in row.found]) == (parcel.ship_by, ["Label is complete and readable"])

        assert (actions.apply_defaults(at=row.due_at - timedelta(seconds=1)), actions.apply_defaults(at=row.due_at)) == (0, 1)

        parcel.refresh_from_db()
        row.refresh_from_db()
        assert (parcel.state, row.state, row.defaulted_at, actions.apply_defaults(at=row.due_at)) == ("picking", "open", row.due_at, 0)
        told = Event.objects.get(kind="warehouse.parcel.unpacked")
        assert (told.actor_id, told.reason) == (None, "Nobody packed it again in time.")


class TestAnAnswer:
    def test_is_needed_to_every_point(self, parcel, bo):
        answers = {code: value for code, value in IN_ORDER.items() if code != "seal"}

        with pytest.raises(PointUnanswered) as refused:
            actions.check_parcels([ParcelCheck(parcel.pk, answers)], actor=bo, at=NOON)

        assert (refused.value.field, refused.value.place) == ("answers.seal", 0)
        assert not OutboundCheck.objects.exists()

    @pytest.mark.parametrize(
        ("answers", "refusal"),
        [({"label": "yes"}, AnswerUnclear), ({"outer_packaging": "fine"}, AnswerUnclear), ({"colour": True}, NoSuchPoint)],
    )
    def test_is_one_of_those_that_are_asked(self, parcel, bo, answers, refusal):
        with pytest.raises(refusal):
            checks.check(parcel, bo, **answers)

    def test_that_is_bad_is_shown_on_a_photo_of_ones_own(self, parcel, bo, bob):
        with pytest.raises(PhotoMissing):
            checks.check(parcel, bo, outer_packaging="damaged")
        with pytest.raises(NoSuchPhoto):
            checks.check(parcel, bo, photos={"outer_packaging": [checks.picture(bob).pk]})

        assert not CheckPhoto.objects.exists()


@pytest.mark.row("A4.3")
class TestAPhoto:
    def test_proves_one_look_at_one_parcel_only(self, parcel, lot, amal, wei, bo):
        other, third = (checks.packed(amal, wei, lot) for _ in range(2))
        shown = {"outer_packaging": [checks.picture(bo).pk]}
        checks.check(parcel, bo, photos=shown)

        with pytest.raises(PhotoShownBefore, match="was shown for something else already"):
            checks.check(other, bo, photos=shown)
        fresh = {"outer_packaging": [checks.picture(bo).pk]}
        with pytest.raises(PhotoShownBefore) as refused:
            actions.check_parcels([ParcelCheck(one.pk, IN_ORDER, fresh) for one in (other, third)], actor=bo, at=NOON)

        assert (refused.value.place, refused.value.field) == (1, "photos.outer_packaging")
        assert OutboundCheck.objects.count() == CheckPhoto.objects.count() == 1

    def test_of_a_parcel_that_left_does_not_show_what_came_back(self, lot, amal, wei, bo):
        left = checks.shipped(amal, wei, bo, lot)
        seen = checks.picture(bo)
        CheckPhoto.objects.create(
            check_of=OutboundCheck.objects.get(parcel=left), merchant=left.merchant, warehouse=left.warehouse, checkpoint="label", file=seen
        )
        unit = checks.unit(left, lot, wei)

        with pytest.raises(PhotoShownBefore):
            checks.inspect(unit, bo, photos={"label": [seen.pk]})
        assert checks.inspect(unit, bo, photos={"label": [checks.picture(bo).pk]}).photos.count() == 1


class TestAnInspector:
    def test_does_not_check_what_he_packed(self, lot, amal, bo, wei):
        parcel = orders.picked(amal, wei, (lot.product, 1))
        scans = queries.scans_of([parcel.pk])
        parcels.pack([Packing(parcel.pk, scans[parcel.pk], measured_weight_g=320)], actor=bo, at=NOON)

        with pytest.raises(OwnWork):
            checks.check(parcel, bo)

    def test_checks_in_his_own_warehouse_only(self, parcel, bob):
        with pytest.raises(OtherWarehouse):
            checks.check(parcel, bob)


class TestMany:
    def test_cost_as_many_queries_as_one(self, amal, wei, bo, lot, django_assert_num_queries):
        parcels = orders.pack_all([orders.picked(amal, wei, (lot.product, 1)) for _ in range(11)], wei)
        pictures = [checks.picture(bo).pk for _ in parcels]

        def entries(some):
            wrong = {"outer_packaging": "damaged"}
            return [
                ParcelCheck(one.pk, IN_ORDER | (wrong if n % 5 == 0 else {}), {"outer_packaging": [pictures[n]]})
                for n, one in enumerate(parcels)
                if n in some
            ]

        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as one:
            actions.check_parcels(entries([0, 1]), actor=bo, at=NOON)
        with CaptureQueriesContext(connection) as many:
            actions.check_parcels(entries(range(2, 11)), actor=bo, at=NOON)

        per_file = 9 - 2  # a picture that is shown for the first time is announced by itself
        assert len(many) <= len(one) + per_file
        assert OutboundCheck.objects.count() == 11

    def test_keep_nothing_if_one_is_refused(self, lot, amal, wei, bo):
        good, bad = checks.packed(amal, wei, lot), checks.packed(amal, wei, lot)

        with pytest.raises(PointUnanswered) as refused:
            actions.check_parcels([ParcelCheck(good.pk, IN_ORDER), ParcelCheck(bad.pk, {})], actor=bo, at=NOON)

        assert refused.value.place == 1
        assert not OutboundCheck.objects.exists()

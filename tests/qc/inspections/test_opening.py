"""What arrived is put up for inspection: one open tranche at a time, its plan found when it is opened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assurance.events.actions import run_job
from assurance.events.models import Event, Job
from assurance.events.registry import SUBSCRIBERS
from assurance.notices.models import Notice
from qc.inspections import actions
from qc.inspections.actions.opening import NothingToInspect
from qc.inspections.models import DefectKind, Inspection
from qc.inspections.queries import defects_of, uninspected_units
from qc.inspections.tasks import inspect_what_was_found
from tests import goods, orders
from tests.factories import NOON
from warehouse.stock import actions as counts
from warehouse.stock.actions import Counted
from warehouse.stock.models import Lot

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from warehouse.inbound.models import ShipmentNotice


@pytest.fixture
def notice(amal: User, wei: User) -> ShipmentNotice:
    goods.catalogue()
    return goods.announced(amal, wei.organisation, goods.line(goods.enrolled(amal.organisation), quantity=1000))


def opened(lot: Lot) -> Inspection:
    return actions.open_inspection(lot_id=lot.pk, actor=None, at=NOON)


class TestOpening:
    def test_finds_the_plan_of_the_standard_for_what_waits(self, notice: ShipmentNotice, wei: User) -> None:
        inspection = opened(goods.receive(notice, wei).receipt.lot)

        plans = inspection.plans
        assert (plans.major.code_letter, inspection.sample_size, plans.major.edition) == ("J", 80, "GB/T 2828.1-2012")
        assert [(str(one), plan.accept, plan.reject) for one, plan in plans.items()] == [
            ("critical", 0, 1),
            ("major", 5, 6),
            ("minor", 7, 8),
        ]
        assert (inspection.lot_size, inspection.tranche, inspection.due_at) == (1000, 1, NOON + timedelta(hours=24))

    def test_takes_level_and_limits_from_the_category(self, amal: User, wei: User) -> None:
        goods.catalogue()
        strict = goods.category("strict", inspection_level="III", aql_major="1.0", aql_minor="2.5")
        lot = goods.lot(amal, wei, product=goods.enrolled(amal.organisation, category=strict))

        plans = opened(lot).plans
        assert (plans.major.level, plans.major.code_letter, plans.major.aql, plans.minor.aql) == ("III", "K", "1.0", "2.5")

    @pytest.mark.parametrize(("units", "sample"), [(1, 1), (2, 2), (3, 3), (8, 5), (1000, 80)])
    def test_inspects_every_unit_of_a_lot_too_small_for_its_sample(self, amal: User, wei: User, units: int, sample: int) -> None:
        inspection = goods.inspection(amal, wei, quantity=units)

        assert (inspection.sample_size, inspection.plans.critical.full_inspection) == (sample, sample == units)

    @pytest.mark.row("P4.4")
    def test_grows_while_nobody_has_begun(self, notice: ShipmentNotice, wei: User) -> None:
        lot = goods.receive(notice, wei, quantity=100).receipt.lot
        first = opened(lot)
        goods.receive(notice, wei, quantity=900)

        grown = opened(lot)

        assert (grown.pk, grown.lot_size, grown.sample_size) == (first.pk, 1000, 80)
        assert (Inspection.objects.count(), uninspected_units(lot)) == (1, 0)

    @pytest.mark.row("P4.4")
    def test_begins_the_next_tranche_once_somebody_is_at_it(self, notice: ShipmentNotice, wei: User, bo: User) -> None:
        lot = goods.receive(notice, wei, quantity=400).receipt.lot
        first = opened(lot)
        actions.claim(inspection_id=first.pk, actor=bo, at=NOON)
        goods.receive(notice, wei, quantity=600)
        assert uninspected_units(lot) == 600

        second = opened(lot)

        assert (second.tranche, second.lot_size, uninspected_units(lot)) == (2, 600, 0)
        assert list(Inspection.objects.order_by("tranche").values_list("lot_size", flat=True)) == [400, 600]

    @pytest.mark.row("P4.4")
    def test_keeps_the_plan_of_what_was_begun_and_given_back(self, notice: ShipmentNotice, wei: User, bo: User) -> None:
        lot = goods.receive(notice, wei, quantity=400).receipt.lot
        first = opened(lot)
        actions.claim(inspection_id=first.pk, actor=bo, at=NOON)
        goods.record(first, bo, [1])
        actions.give_back(inspection_id=first.pk, actor=bo, at=NOON)
        goods.receive(notice, wei, quantity=600)

        assert (opened(lot).tranche, Inspection.objects.get(pk=first.pk).lot_size) == (2, 400)

    def test_has_nothing_to_do_when_all_of_it_is_in_one(self, notice: ShipmentNotice, wei: User) -> None:
        lot = goods.receive(notice, wei).receipt.lot
        opened(lot)

        with pytest.raises(NothingToInspect):
            opened(lot)

        assert Inspection.objects.count() == 1

    def test_follows_from_a_receipt_and_tells_who_must_act(self, notice: ShipmentNotice, wei: User, bo: User, amal: User) -> None:
        goods.receive(notice, wei)
        for _ in range(2):
            for job in Job.objects.filter(state="new", handler__startswith="qc.").order_by("id"):
                Job.objects.filter(pk=job.pk).update(state="sent")
                run_job(job_id=job.pk, at=NOON)

        inspection = Inspection.objects.get()
        told = set(Notice.objects.values_list("kind", "recipient__name"))
        assert told == {("lot_received", "Amal"), ("inspection_promised", "Amal"), ("inspection_waiting", "Bo")}
        assert Event.objects.get(kind="qc.inspection.opened").ids["inspection_id"] == inspection.pk

    def test_follows_from_units_that_a_count_found(self, amal: User, wei: User) -> None:
        goods.catalogue()
        lot = orders.stocked(amal, wei, quantity=100)
        count = counts.open_count(warehouse_id=wei.organisation_id, bins="", lot_number=lot.number, is_blind=True, actor=wei, at=NOON)
        counts.record_counts(count.pk, [Counted(count.lines.get().pk, 102)], actor=wei, at=NOON)  # type: ignore[attr-defined]
        counts.post_count(count.pk, reasons={count.lines.get().pk: "misplaced"}, actor=wei, at=NOON)  # type: ignore[attr-defined]

        for _ in range(2):  # a job may come twice
            inspect_what_was_found(count_id=count.pk)

        inspection = Inspection.objects.get(lot=lot)
        assert (inspection.lot_size, inspection.state, uninspected_units(lot)) == (2, "open", 0)
        assert [handler.name for handler in SUBSCRIBERS["warehouse.count.posted"]] == ["qc.inspections.inspect_what_was_found"]


class TestTheCatalogue:
    def test_offers_general_defects_and_those_of_the_category(self, notice: ShipmentNotice, wei: User) -> None:
        inspection = opened(goods.receive(notice, wei).receipt.lot)

        kinds = defects_of(inspection)

        assert {kind.category for kind in kinds} == {"", "cosmetics"}
        assert [kind.defect_class for kind in kinds] == ["critical"] * 5 + ["major"] * 8 + ["minor"] * 4

    def test_is_loaded_once(self) -> None:
        version = goods.catalogue()
        count = DefectKind.objects.count()
        goods.catalogue()

        assert (DefectKind.objects.filter(version=version).count(), count) == (29, 29)

    test_is_loaded_once = pytest.mark.django_db(test_is_loaded_once)

    @pytest.mark.django_db
    def test_is_never_changed_under_the_same_version(self) -> None:
        goods.catalogue()
        other = {"version": "2026-11", "defects": [{"code": "leaking", "category": "", "class": "minor", "zh": "渗漏", "en": "Leaking"}]}

        with pytest.raises(ValueError, match="write a new version"):
            actions.load_defects(data=other, at=NOON)

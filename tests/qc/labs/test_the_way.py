"""From the commitment to the publication, step by step."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from assurance.evidence.models import EvidenceEntry, Fact
from assurance.gates.models import Stop
from assurance.refusals import OwnWork, WrongState
from qc.labs import actions
from qc.labs.actions.finding import AlreadyEntered, ReasonNeeded, UnreadableResult
from qc.labs.actions.locking import OtherHouse
from qc.labs.actions.retests import NothingToRetest, RetestUsed
from qc.labs.actions.rounds import AlreadyDrawn, NothingToDraw, RoundOpen
from qc.labs.actions.taking import SealTaken
from qc.labs.actions.travelling import LabFull, NoLab, NotCovered, NotIndependent, SameLab, ScopeExpired
from qc.labs.actions.verifying import AlreadyConfirmed, ResultsChanged, WhyBack
from qc.labs.drawing import commitment_of
from qc.labs.models import DrawCandidate, LabResult, Sample, SampleHandover, SampleTest
from tests import labs
from tests.factories import NOON
from warehouse.stock.actions import NotEnough
from warehouse.stock.queries import stand_of

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User
    from warehouse.stock.models import Lot


LATER = NOON + timedelta(days=10)


class TestARound:
    def test_puts_the_hash_of_its_seed_on_record_before_anything_is_drawn(self, lot: Lot, lin: User, bea: User) -> None:
        found = actions.open_round(size=5, actor=bea, at=NOON, seed=labs.SEED)

        assert (found.commitment, found.seed, found.size, found.candidates) == (commitment_of(labs.SEED), "", 1, 1)
        said = EvidenceEntry.objects.get(kind="lab_draw_committed").says
        assert said["commitment"] == commitment_of(labs.SEED)
        assert labs.SEED not in str(said)
        assert DrawCandidate.objects.get().lot == lot

    def test_reveals_the_seed_with_the_draw_and_schedules_a_sample(self, lot: Lot, lin: User, bea: User) -> None:
        found = actions.open_round(size=5, actor=bea, at=NOON, seed=labs.SEED)

        [sample] = actions.draw_round(round_id=found.pk, actor=bea, at=NOON)

        found.refresh_from_db()
        assert (found.seed, sample.lot, sample.origin, sample.state, sample.units) == (labs.SEED, lot, "random", "scheduled", 1)
        codes = {row.test.code for row in SampleTest.objects.filter(sample=sample)}
        assert "cosmetics-lead" in codes
        assert Fact.objects.get(name="lab_demanded").value == 1

    def test_is_not_drawn_twice_and_not_in_another_warehouse(self, lot: Lot, lin: User, bea: User, other_warehouse: Organisation) -> None:
        from assurance.roles import Role
        from tests import factories

        found = actions.open_round(size=5, actor=bea, at=NOON)
        with pytest.raises(OtherHouse):
            actions.draw_round(round_id=found.pk, actor=factories.user(Role.QC_LEAD, other_warehouse), at=NOON)
        actions.draw_round(round_id=found.pk, actor=bea, at=NOON)

        with pytest.raises(AlreadyDrawn):
            actions.draw_round(round_id=found.pk, actor=bea, at=NOON)

    def test_is_the_only_one_that_waits(self, lot: Lot, lin: User, bea: User) -> None:
        actions.open_round(size=5, actor=bea, at=NOON)

        with pytest.raises(RoundOpen):
            actions.open_round(size=5, actor=bea, at=NOON)

    def test_needs_a_lot_that_was_not_sampled(self, lot: Lot, lin: User, bea: User) -> None:
        labs.scheduled(bea)

        with pytest.raises(NothingToDraw):
            actions.open_round(size=5, actor=bea, at=NOON)


class TestTaking:
    def test_moves_sample_and_counter_sample_out_of_the_released_goods(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.drawn(bea)

        assert {share.custody: share.units for share in stand_of(lot).shares} == {"released": 998, "sampled": 2}
        assert (sample.state, sample.taken_by) == ("drawn", bea)

    def test_is_refused_when_the_goods_are_sold(self, amal: User, wei: User, bo: User, lin: User, bea: User) -> None:
        from warehouse.stock.actions import lock_lot, move
        from warehouse.stock.custody import Custody

        lot = labs.released(amal, wei, bo, quantity=20)
        [sample] = labs.scheduled(bea)
        gone = {"because": "put_aside", "reference": "gone", "actor": wei, "at": NOON}
        move(lot=lock_lot(lot.pk), source=Custody.RELEASED, target=Custody.HELD, quantity=19, **gone)

        with pytest.raises(NotEnough):
            actions.draw([actions.Taking(sample.pk)], actor=bea, at=NOON)

        actions.void([actions.Voiding(sample.pk, "sold out")], actor=bea, at=NOON)
        assert Sample.objects.get().state == "voided"
        assert Fact.objects.filter(name="lab_demanded").latest_of_each().get().value == 0

    def test_seals_with_numbers_that_were_never_used(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.drawn(bea)

        with pytest.raises(SealTaken):
            actions.seal([actions.Sealing(sample.pk, "F1", "F1", "A-1")], actor=bea, at=NOON)


class TestChoosingALaboratory:
    @pytest.mark.row("P9.7")
    def test_refuses_one_without_the_scope_one_whose_scope_has_ended_one_that_is_close_and_one_that_is_full(
        self, lot: Lot, lin: User, bea: User, eve: User
    ) -> None:
        few, old, close, full = (labs.lab() for _ in range(4))
        labs.scopes(few, eve, ["cosmetics-lead"])
        labs.scopes(old, eve, valid_until=NOON.date() - timedelta(days=1))
        labs.scopes(close, eve)
        labs.scopes(full, eve, capacity_per_week=1, price=Decimal(1))
        actions.declare_ties([actions.TieTerms(close.pk, lot.merchant_id, "同一股东")], actor=eve, at=NOON)
        [sample] = labs.sealed(bea)
        Sample.objects.filter(pk=sample.pk).update(state="sealed")

        for house, refusal in ((few, NotCovered), (old, ScopeExpired), (close, NotIndependent)):
            with pytest.raises(refusal):
                actions.dispatch([actions.Dispatching(sample.pk, house.pk)], actor=bea, at=NOON)
        [sent] = actions.dispatch([actions.Dispatching(sample.pk)], actor=bea, at=NOON)

        assert sent.lab == full
        codes = {one["lab"]: one["code"] for one in sent.choice["opinions"]}
        assert codes == {full.pk: "able", lin.organisation_id: "able", few.pk: "not_covered", old.pk: "expired", close.pk: "tied"}

    def test_goes_to_the_next_one_when_the_week_is_full(
        self, lot: Lot, lin: User, bea: User, eve: User, amal: User, wei: User, bo: User
    ) -> None:
        small = labs.lab()
        labs.scopes(small, eve, capacity_per_week=1, price=Decimal(1))
        labs.released(amal, wei, bo, lot="SECOND")

        sent = labs.dispatched(bea, 2)

        assert {one.lab_id for one in sent} == {small.pk, lin.organisation_id}

    def test_is_refused_when_nobody_can(self, db: None, amal: User, wei: User, bo: User, bea: User) -> None:
        labs.load_tests()
        labs.released(amal, wei, bo)
        [sample] = labs.sealed(bea)

        with pytest.raises(NoLab):
            actions.dispatch([actions.Dispatching(sample.pk)], actor=bea, at=NOON)

    def test_fixes_price_accreditation_and_day(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.dispatched(bea)

        assert {row.price for row in SampleTest.objects.filter(sample=sample)} == {Decimal("80.00")}
        assert (sample.due_at - NOON) == timedelta(days=7)


class TestArriving:
    @pytest.mark.row("P9.2")
    @pytest.mark.parametrize(
        ("given", "condition"),
        [
            ({"condition": "broken_seal"}, "broken_seal"),
            ({"seal_number": "X-1"}, "wrong_seal"),
            ({"at": NOON + timedelta(days=6)}, "late"),
        ],
    )
    def test_voids_what_is_no_sample_any_more_and_asks_for_a_new_one(
        self, lot: Lot, lin: User, bea: User, given: dict[str, object], condition: str
    ) -> None:
        [sample] = labs.dispatched(bea)

        actions.receive([actions.Arriving(**({"sample_id": sample.pk, "seal_number": sample.seal_number} | given))], actor=lin, at=NOON)

        voided, again = Sample.objects.order_by("id")
        assert (voided.state, again.state, again.origin, again.replaces) == ("voided", "scheduled", "redraw", voided)
        assert SampleHandover.objects.get(sample=sample, step="voided").condition == condition
        assert again.tests.count() == voided.tests.count()

    @pytest.mark.row("P9.1")
    def test_leaves_a_trace_of_every_hand(self, lot: Lot, lin: User, vera: User, vito: User, bea: User) -> None:
        [sample] = labs.published(bea, lin, vera)

        hands = list(SampleHandover.objects.filter(sample=sample).order_by("id").values_list("step", "by__name", "condition"))
        assert hands == [
            ("drawn", "Bea", "intact"),
            ("sealed", "Bea", "intact"),
            ("dispatched", "Bea", "intact"),
            ("received", "Lin", "intact"),
            ("testing", "Lin", "intact"),
            ("resulted", "Lin", "intact"),
            ("verified", "Vera", "intact"),
            ("published", "Bea", "intact"),
        ]
        rows = SampleHandover.objects.filter(sample=sample).exclude(step="drawn")
        assert set(rows.values_list("seal_number", flat=True)) == {sample.seal_number}
        assert set(rows.values_list("place", flat=True)) == {"杭州萧山云仓", "华东衡准检测中心"}


class TestEntering:
    @pytest.mark.row("P9.3")
    def test_keeps_value_operand_unit_method_detection_limit_and_uncertainty(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.opened(bea, lin)
        found = {"detection_limit": Decimal("0.005"), "uncertainty": Decimal("0.3")}

        [row] = actions.enter_results([actions.Found(sample.pk, "cosmetics-lead", "9.8 mg/kg", **found)], actor=lin, at=NOON)

        row.refresh_from_db()
        assert (row.values, row.operand, row.unit, row.method) == ([Decimal("9.8")], "", "mg/kg", "第四章 1.3")
        assert (row.detection_limit, row.uncertainty, row.verdict) == (Decimal("0.005"), Decimal("0.3"), "warning")
        assert Sample.objects.get().state == "testing"

    def test_refuses_what_cannot_be_read_and_what_is_there(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.opened(bea, lin)
        with pytest.raises(UnreadableResult) as refused:
            actions.enter_results([actions.Found(sample.pk, "cosmetics-lead", "about ten")], actor=lin, at=NOON)
        assert refused.value.field == "items.0.reported"
        actions.enter_results([actions.Found(sample.pk, "cosmetics-lead", "0.1")], actor=lin, at=NOON)

        with pytest.raises(AlreadyEntered):
            actions.enter_results([actions.Found(sample.pk, "cosmetics-lead", "0.2")], actor=lin, at=NOON)

        assert LabResult.objects.get().reported == "0.1"


class TestVerifying:
    @pytest.mark.row("P9.4")
    def test_is_for_another_person(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.resulted(bea, lin)

        with pytest.raises(OwnWork):
            actions.verify([labs.confirming(sample)], actor=lin, at=NOON)

    @pytest.mark.row("P9.4")
    def test_takes_as_many_people_as_the_test_asks_for(
        self, amal: User, wei: User, bo: User, lin: User, vera: User, vito: User, bea: User
    ) -> None:
        labs.released(amal, wei, bo, product=nuts(amal))
        [sample] = labs.resulted(bea, lin)

        actions.verify([labs.confirming(sample)], actor=vera, at=NOON)
        assert Sample.objects.get().state == "resulted"
        with pytest.raises(AlreadyConfirmed):
            actions.verify([labs.confirming(sample)], actor=vera, at=NOON)
        actions.verify([labs.confirming(sample)], actor=vito, at=NOON)

        assert Sample.objects.get().state == "verified"

    @pytest.mark.row("P9.10")
    def test_is_a_conflict_for_who_saw_other_results(self, lot: Lot, lin: User, vera: User, vito: User, bea: User) -> None:
        [sample] = labs.resulted(bea, lin)
        seen = labs.confirming(sample)
        wrong = LabResult.objects.filter(sample=sample).order_by("id")[0]
        actions.verify([labs.confirming(sample, returned=(wrong.pk,), reason="结果与谱图不符")], actor=vera, at=NOON)
        corrected = actions.Found(sample.pk, wrong.sample_test.test.code, "0.2", reason="抄录错误")
        actions.enter_results([corrected], actor=lin, at=NOON)

        with pytest.raises(ResultsChanged):
            actions.verify([seen], actor=vito, at=NOON)

    @pytest.mark.row("P9.5")
    def test_sends_back_with_a_reason_and_keeps_the_first_result(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        [sample] = labs.resulted(bea, lin)
        wrong = LabResult.objects.filter(sample=sample).order_by("id")[0]
        code = wrong.sample_test.test.code
        with pytest.raises(WhyBack):
            actions.verify([labs.confirming(sample, returned=(wrong.pk,))], actor=vera, at=NOON)
        actions.verify([labs.confirming(sample, returned=(wrong.pk,), reason="结果与谱图不符")], actor=vera, at=NOON)
        with pytest.raises(ReasonNeeded):
            actions.enter_results([actions.Found(sample.pk, code, "0.2")], actor=lin, at=NOON)

        [row] = actions.enter_results([actions.Found(sample.pk, code, "0.2", reason="抄录错误")], actor=lin, at=NOON)

        assert (row.corrects, row.reason, LabResult.objects.filter(sample_test=wrong.sample_test).count()) == (wrong, "抄录错误", 2)
        assert Sample.objects.get().state == "resulted"


class TestPublishing:
    def test_of_a_good_sample_leaves_evidence_fact_and_fee(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        from assurance.fees.models import Operation

        [sample] = labs.published(bea, lin, vera)

        said = EvidenceEntry.objects.get(kind="lab_publication").says
        assert (sample.verdict, said["verdict"], said["lot_number"], len(said["tests"])) == ("pass", "pass", lot.number, 6)
        assert (Fact.objects.get(name="lab_result").value, Stop.objects.count()) == (1, 0)
        metered = Operation.objects.get(kind="lab_test")
        assert (metered.source_id, metered.measures) == (sample.pk, {"cost": "480.00"})

    def test_of_a_failed_safety_test_stops_lot_and_product_at_once(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        [sample] = labs.published(bea, lin, vera, cosmetics_lead="12.5 mg/kg")

        assert sample.verdict == "fail"
        stops = Stop.objects.filter(code="lab_failed").order_by("id")
        assert [(stop.product_id, stop.lot_id) for stop in stops] == [(lot.product_id, lot.pk), (lot.product_id, None)]
        assert Fact.objects.get(name="lab_result").value == 0

    def test_happens_once(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        [sample] = labs.published(bea, lin, vera)

        with pytest.raises(WrongState):
            actions.publish([sample.pk], actor=bea, at=NOON)


def nuts(amal: User):
    from assurance.products.models import Category
    from tests import goods

    top, _ = Category.objects.get_or_create(code="food", defaults={"name_zh": "食品", "name_en": "Food"})
    return goods.enrolled(amal.organisation, category=goods.category("nuts", parent=top, name_zh="坚果炒货", name_en="Nuts"))


class TestARetest:
    """The rule was fixed with the sample (A9.1): one, on the counter-sample, elsewhere; of safety the worst result stands."""

    @pytest.fixture
    def failed(self, amal: User, wei: User, bo: User, lin: User, vera: User, vito: User, bea: User) -> Sample:
        labs.released(amal, wei, bo, product=nuts(amal))
        [sample] = labs.published(bea, lin, vera, vito, nuts_peroxide="0.55")
        return sample

    def again(self, sample: Sample, bea: User, eve: User, **found: str) -> Sample:
        house = labs.lab()
        labs.scopes(house, eve)
        analyst, one, other = labs.people(house)
        [again] = actions.order_retest([actions.Retesting(sample.pk, "商家申请复检")], actor=bea, at=LATER)
        with pytest.raises(SameLab):
            actions.dispatch([actions.Dispatching(again.pk, sample.lab_id)], actor=bea, at=LATER)
        actions.dispatch([actions.Dispatching(again.pk)], actor=bea, at=LATER)
        actions.receive([actions.Arriving(again.pk, sample.counter_seal_number)], actor=analyst, at=LATER)
        actions.begin_testing([again.pk], actor=analyst, at=LATER)
        actions.enter_results(labs.findings(again, **found), actor=analyst, at=LATER)
        for verifier in (one, other):
            if Sample.objects.get(pk=again.pk).state == "resulted":
                actions.verify([labs.confirming(again)], actor=verifier, at=LATER)
        return actions.publish([again.pk], actor=bea, at=LATER)[0]

    @pytest.mark.row("P9.5")
    def test_keeps_the_first_result_and_lifts_the_stop_where_the_rule_lets_it_decide(self, failed: Sample, bea: User, eve: User) -> None:
        again = self.again(failed, bea, eve, nuts_peroxide="0.31")

        failed.refresh_from_db()
        assert (failed.verdict, again.verdict) == ("fail", "pass")
        assert [row.test.code for row in SampleTest.objects.filter(sample=again)] == ["nuts-peroxide"]
        first = LabResult.objects.get(sample=failed, sample_test__test__code="nuts-peroxide")
        assert LabResult.objects.get(sample=again).retest_of == first
        assert Stop.objects.get(code="lab_failed").lifted_at == LATER

    def test_is_allowed_once(self, failed: Sample, bea: User, eve: User) -> None:
        self.again(failed, bea, eve, nuts_peroxide="0.52")

        with pytest.raises(RetestUsed):
            actions.order_retest([actions.Retesting(failed.pk, "again")], actor=bea, at=LATER)
        assert Stop.objects.get(code="lab_failed").lifted_at is None

    @pytest.mark.row("A9.1")
    def test_never_erases_a_failed_matter_of_safety(
        self, amal: User, wei: User, bo: User, lin: User, vera: User, vito: User, bea: User, eve: User
    ) -> None:
        labs.released(amal, wei, bo, product=nuts(amal))
        [sample] = labs.published(bea, lin, vera, vito, nuts_aflatoxin="8.1 μg/kg")

        again = self.again(sample, bea, eve, nuts_aflatoxin="<0.5 μg/kg")

        assert (LabResult.objects.get(sample=again).verdict, again.verdict) == ("pass", "fail")
        assert not Stop.objects.filter(lifted_at__isnull=False).exists()

    @pytest.mark.row("A9.1")
    def test_is_not_there_for_what_cannot_be_tested_twice(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        [sample] = labs.published(bea, lin, vera, cosmetics_plate_count="2400 CFU/g")

        with pytest.raises(NothingToRetest):
            actions.order_retest([actions.Retesting(sample.pk, "why")], actor=bea, at=NOON)


class TestFull:
    def test_is_said_when_asked_for_by_name(self, lot: Lot, lin: User, bea: User, eve: User, amal: User, wei: User, bo: User) -> None:
        small = labs.lab()
        labs.scopes(small, eve, capacity_per_week=1, price=Decimal(1))
        labs.released(amal, wei, bo, lot="SECOND")
        first, second = labs.sealed(bea, 2)
        actions.dispatch([actions.Dispatching(first.pk, small.pk)], actor=bea, at=NOON)

        with pytest.raises(LabFull):
            actions.dispatch([actions.Dispatching(second.pk, small.pk)], actor=bea, at=NOON)

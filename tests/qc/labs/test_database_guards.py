"""What the database refuses, whoever writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from assurance.database import constraint_of
from qc.labs.models import DrawCandidate, DrawRound, LabResult, LabScope, Sample, SampleTest, Verification
from tests import labs
from tests.factories import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import User
    from warehouse.stock.models import Lot


def refused(deed: Callable[[], Any]) -> str:
    """Return the name of the rule that refused, after everything that is deferred was checked."""

    def checked() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            deed()
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError) as error:
        checked()
    return constraint_of(error.value) or type(error.value).__name__


class TestTheDatabase:
    @pytest.mark.row("P9.4")
    def test_lets_nobody_verify_himself_by_any_name(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        [sample] = labs.resulted(bea, lin)
        row = LabResult.objects.order_by("id")[0]

        def verification(**given: Any) -> Callable[[], Any]:
            values = {"result": row, "sample": sample, "lab_id": sample.lab_id, "decision": "confirmed", "at": NOON} | given
            return lambda: Verification.objects.create(**values)

        assert refused(verification(entered_by=lin, verified_by=lin)) == "verification_by_another_person"
        assert refused(verification(entered_by=vera, verified_by=lin)) == "qc_verification_entered_by_same_owner"

    @pytest.mark.row("P9.4")
    def test_verifies_no_sample_without_enough_confirmations(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.resulted(bea, lin)

        assert refused(lambda: Sample.objects.filter(pk=sample.pk).update(state="verified")) == "sample_is_verified"

    @pytest.mark.row("P9.7")
    def test_ties_a_test_to_an_accreditation_that_covers_it_that_day(self, lot: Lot, lin: User, bea: User, eve: User) -> None:
        [sample] = labs.dispatched(bea)
        test = SampleTest.objects.get(sample=sample, test__code="cosmetics-lead")
        other = labs.lab()
        labs.scopes(other, eve, ["cosmetics-lead"])
        wrong = [
            LabScope.objects.get(lab=other, test="cosmetics-lead"),
            LabScope.objects.get(lab=lin.organisation, test="cosmetics-mercury"),
        ]
        labs.scopes(lin.organisation, eve, ["cosmetics-lead"], valid_from=NOON.date() + timedelta(days=1))
        wrong.append(LabScope.objects.filter(lab=lin.organisation, test="cosmetics-lead").order_by("-valid_from")[0])

        for scope in wrong:
            assert refused(lambda scope=scope: SampleTest.objects.filter(pk=test.pk).update(scope=scope)) == "sample_test_is_accredited"

    @pytest.mark.row("P9.10", "P9.5")
    def test_keeps_one_first_result_and_changes_none(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.opened(bea, lin)
        first = labs.findings(sample)[0]
        from qc.labs import actions

        [row] = actions.enter_results([first], actor=lin, at=NOON)
        copy = {f.attname: getattr(row, f.attname) for f in LabResult._meta.concrete_fields if f.name != "id"}

        assert refused(lambda: LabResult.objects.create(**copy)) == "lab_result_first_once"
        assert refused(lambda: LabResult.objects.create(**(copy | {"corrects_id": row.pk}))) == "lab_result_again_has_a_reason"
        assert refused(lambda: LabResult.objects.update(reported="0")) == "ProgrammingError"

    def test_takes_results_only_while_the_sample_is_tested(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        labs.resulted(bea, lin)
        row = LabResult.objects.order_by("id")[0]
        copy = {f.attname: getattr(row, f.attname) for f in LabResult._meta.concrete_fields if f.name != "id"}

        again = copy | {"corrects_id": row.pk, "reason": "x"}
        assert refused(lambda: LabResult.objects.create(**again)) == "result_of_a_sample_in_test"

    @pytest.mark.row("P9.9")
    def test_writes_a_verdict_only_with_the_publication(self, lot: Lot, lin: User, bea: User) -> None:
        [sample] = labs.resulted(bea, lin)

        assert refused(lambda: Sample.objects.filter(pk=sample.pk).update(verdict="fail")) == "sample_verdict_is_published"

    def test_leaves_what_is_published_and_the_retest_rule_alone(self, lot: Lot, lin: User, vera: User, bea: User) -> None:
        [sample] = labs.published(bea, lin, vera)

        assert refused(lambda: Sample.objects.filter(pk=sample.pk).update(verdict="fail")) == "qc_sample_is_over"
        assert refused(lambda: Sample.objects.filter(pk=sample.pk).update(retest_rule="x")) == "ProgrammingError"

    def test_takes_no_other_seed_than_the_one_committed_to(self, lot: Lot, lin: User, bea: User) -> None:
        from qc.labs import actions

        found = actions.open_round(size=1, actor=bea, at=NOON)
        other = {"seed": "cd" * 32, "drawn_at": NOON, "drawn_by": bea}

        assert refused(lambda: DrawRound.objects.filter(pk=found.pk).update(**other)) == "draw_round_keeps_its_word"
        assert refused(lambda: DrawCandidate.objects.update(weight=9)) == "ProgrammingError"
        actions.draw_round(round_id=found.pk, actor=bea, at=NOON)
        assert refused(lambda: DrawRound.objects.filter(pk=found.pk).update(drawn_at=NOON)) == "qc_drawround_is_drawn_once"


class TestReplaying:
    def test_draws_the_same_lots_again(self, lot: Lot, lin: User, bea: User, capsys: pytest.CaptureFixture[str]) -> None:
        [sample] = labs.scheduled(bea)

        call_command("replay_draw")

        assert capsys.readouterr().out == f"{sample.round.code}: 1 of 1 lots, as drawn\n"

    def test_names_a_sample_that_was_not_drawn(self, amal: User, wei: User, bo: User, lin: User, bea: User) -> None:
        for name in ("A", "B"):
            labs.released(amal, wei, bo, lot=name)
        [sample] = labs.scheduled(bea, 1)
        other = DrawCandidate.objects.exclude(lot=sample.lot).get().lot
        copy = {f.attname: getattr(sample, f.attname) for f in Sample._meta.concrete_fields if f.name != "id"}
        Sample.objects.create(**(copy | {"lot_id": other.pk, "product_id": other.product_id}))

        with pytest.raises(SystemExit) as left:
            call_command("replay_draw", verbosity=0)

        assert left.value.code == 1

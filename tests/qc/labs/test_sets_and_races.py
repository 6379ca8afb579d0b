"""As many questions to the database for fifty samples as for one; and two people on the same sample at the same moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assurance.refusals import WrongState
from qc.labs import actions
from qc.labs.actions.locking import SampleTwice
from qc.labs.actions.rounds import AlreadyDrawn, RoundOpen
from qc.labs.models import LabResult, Sample, Verification
from tests import labs
from tests.factories import NOON
from tests.warehouse.at_once import at_once

if TYPE_CHECKING:
    from collections.abc import Callable

    from assurance.accounts.models import Organisation, User
    from tests.harness.databases import CommittedDatabase

MANY = 12


def queries(deed: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as counted:
        deed()
    return len(counted)


class TestEveryAction:
    def test_asks_as_often_for_many_as_for_one(
        self, amal: User, wei: User, bo: User, lin: User, vera: User, bea: User, hengzhun: Organisation
    ) -> None:
        from tests import goods

        product = goods.enrolled(amal.organisation)
        labs.released(amal, wei, bo, product=product, lot="ONE", quantity=20)
        [one] = labs.scheduled(bea, 1)
        for n in range(MANY):
            labs.released(amal, wei, bo, product=product, lot=f"L{n}", quantity=20)
        many = labs.scheduled(bea, MANY)
        counted = {}
        for size, samples in (("one", [one]), ("many", many)):
            counted[size] = self.counts(samples, bea, lin, vera)

        assert len(many) == MANY
        assert counted["many"] == counted["one"]

    def counts(self, samples: list[Sample], bea: User, lin: User, vera: User) -> dict[str, int]:
        ids = [sample.pk for sample in samples]
        steps: dict[str, Callable[[], Any]] = {
            "draw": lambda: actions.draw([actions.Taking(pk) for pk in ids], actor=bea, at=NOON),
            "seal": lambda: actions.seal([actions.Sealing(pk, f"F{pk}", f"B{pk}", "R") for pk in ids], actor=bea, at=NOON),
            "dispatch": lambda: actions.dispatch([actions.Dispatching(pk) for pk in ids], actor=bea, at=NOON),
            "receive": lambda: actions.receive([actions.Arriving(pk, f"F{pk}") for pk in ids], actor=lin, at=NOON),
            "begin": lambda: actions.begin_testing(ids, actor=lin, at=NOON),
        }
        counted = {name: queries(deed) for name, deed in steps.items()}
        found = [one for sample in samples for one in labs.findings(sample)]
        counted["enter"] = queries(lambda: actions.enter_results(found, actor=lin, at=NOON))
        seen = [labs.confirming(sample) for sample in samples]
        counted["verify"] = queries(lambda: actions.verify(seen, actor=vera, at=NOON))
        counted["publish"] = queries(lambda: actions.publish(ids, actor=bea, at=NOON))
        return counted

    def test_refuses_a_sample_named_twice(self, amal: User, wei: User, bo: User, lin: User, bea: User) -> None:
        labs.released(amal, wei, bo)
        [sample] = labs.scheduled(bea)

        with pytest.raises(SampleTwice):
            actions.draw([actions.Taking(sample.pk), actions.Taking(sample.pk)], actor=bea, at=NOON)


class TestTwoPeopleAtOnce:
    @pytest.fixture
    def sample(self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, lin: User, bea: User) -> Sample:
        labs.released(amal, wei, bo)
        return labs.resulted(bea, lin)[0]

    @pytest.mark.row("P9.10")
    def test_who_verify_get_one_verification_and_one_conflict(self, sample: Sample, vera: User, vito: User) -> None:
        """Peers' bug 18: the second verifier does not overwrite the first."""
        seen = labs.confirming(sample)

        answers = at_once(*[lambda who=who: actions.verify([seen], actor=who, at=NOON) for who in (vera, vito)])

        assert sorted(type(one).__name__ for one in answers) == ["WrongState", "list"]
        assert (Sample.objects.get().state, Verification.objects.count()) == ("verified", 6)
        assert WrongState.status == 409

    @pytest.mark.row("P9.10")
    def test_who_enter_the_same_result_write_one(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, lin: User, bea: User
    ) -> None:
        labs.released(amal, wei, bo)
        [sample] = labs.opened(bea, lin)
        given = [actions.Found(sample.pk, "cosmetics-lead", value) for value in ("0.1", "0.2")]

        answers = at_once(*[lambda one=one: actions.enter_results([one], actor=lin, at=NOON) for one in given])

        assert sorted(type(one).__name__ for one in answers) == ["AlreadyEntered", "list"]
        assert LabResult.objects.count() == 1

    def test_who_draw_a_round_draw_it_once(
        self, committed_db: CommittedDatabase, amal: User, wei: User, bo: User, lin: User, bea: User
    ) -> None:
        labs.released(amal, wei, bo)
        opened = at_once(*[lambda: actions.open_round(size=1, actor=bea, at=NOON)] * 2)
        [found] = [one for one in opened if not isinstance(one, RoundOpen)]

        answers = at_once(*[lambda: actions.draw_round(round_id=found.pk, actor=bea, at=NOON)] * 2)  # type: ignore[attr-defined]

        assert sorted(type(one).__name__ for one in answers) == [AlreadyDrawn.__name__, "list"]
        assert Sample.objects.count() == 1

"""Several at once: who rates, who closes, who meters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction

from assurance.accounts.models import User
from assurance.fees import actions
from assurance.fees.models import FeeLine, Operation, Posting, RatingDue, Statement
from assurance.refusals import WrongState
from assurance.roles import Kind, Role
from tests import charges, factories
from tests.factories import NOON
from tests.warehouse.at_once import at_once

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase

pytestmark = pytest.mark.promise("G1", "G3")


@pytest.fixture
def merchant(committed_db: CommittedDatabase) -> Any:
    charges.load_prices()
    return factories.organisation(Kind.MERCHANT)


@pytest.fixture
def fay(committed_db: CommittedDatabase) -> User:
    return factories.user(Role.FINANCE, factories.organisation(Kind.PLATFORM))


class TestTwoRaters:
    def test_share_the_work_and_do_nothing_twice(self, merchant):
        charges.metered(*(charges.told(merchant.pk) for _ in range(200)))

        found: list[Any] = at_once(*(lambda: actions.rate_due(60, at=NOON).rated for _ in range(4)))

        assert sum(found) == FeeLine.objects.count() == 200 - RatingDue.objects.count()
        assert Posting.objects.count() == 2 * sum(found)
        assert Statement.objects.count() == 1


class TestTheSameOperation:
    def test_is_metered_once_by_many_at_the_same_moment(self, merchant):
        one = charges.told(merchant.pk)

        def deed() -> int:
            with transaction.atomic():
                return actions.meter_all([one], at=NOON)

        new: list[Any] = at_once(*(deed for _ in range(6)))
        assert sorted(new) == [0, 0, 0, 0, 0, 1]
        assert Operation.objects.count() == RatingDue.objects.count() == 1


class TestClosing:
    @pytest.mark.parametrize("turn", range(3))
    def test_never_misses_what_is_rated_at_the_same_moment(self, merchant, fay, turn):
        [line] = charges.charged(charges.told(merchant.pk))
        charges.metered(*(charges.told(merchant.pk) for _ in range(50)))

        at_once(lambda: actions.rate_due(at=NOON), lambda: actions.finalise([line.statement], actor=fay, at=NOON))
        actions.rate_due(at=NOON)

        assert not RatingDue.objects.exists()
        for statement in Statement.objects.all():
            amounts = sum(one.amount for one in statement.lines.all())
            assert statement.total in (None, amounts)
        assert FeeLine.objects.count() == 51

    def test_happens_once(self, merchant, fay):
        [line] = charges.charged(charges.told(merchant.pk))

        answers = at_once(*(lambda: len(actions.finalise([line.statement], actor=fay, at=NOON)) for _ in range(4)))

        assert [answer for answer in answers if answer == 1] == [1]
        assert sum(isinstance(answer, WrongState) for answer in answers) == 3

"""Several at once: a merchant's first submissions, turns of the clock, a verification beside it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from assurance.accounts.models import User
from assurance.enrollment import actions as enrolments
from assurance.gates.models import Stop
from assurance.notices.models import Notice
from assurance.qualification import actions
from assurance.qualification.models import PaperWarning, ProgrammeEntry
from assurance.roles import Kind, Role
from tests import enrolments as made
from tests import factories, papers
from tests.factories import NOON
from tests.papers import TODAY
from tests.warehouse.at_once import at_once

if TYPE_CHECKING:
    from tests.harness.databases import CommittedDatabase


@pytest.fixture
def owner(committed_db: CommittedDatabase) -> User:
    made.load_categories()
    papers.load_rules()
    return factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))


@pytest.fixture
def reviewer(committed_db: CommittedDatabase) -> User:
    return factories.user(Role.ENROLMENT_REVIEWER, factories.organisation(Kind.PLATFORM))


class TestFirstSubmissionsAtOnce:
    def test_make_one_entry(self, owner):
        drafts = [made.draft(owner) for _ in range(5)]

        def submitting(pk: int) -> Any:
            return lambda: enrolments.submit(enrolment_id=pk, actor=owner, at=NOON).state

        assert list(at_once(*(submitting(one.pk) for one in drafts))) == ["submitted"] * 5
        assert ProgrammeEntry.objects.values_list("number", "state").get() == (1, "applied")


@pytest.mark.row("P1.4")
class TestTurnsOfTheClockAtOnce:
    def test_warn_once_and_stop_once(self, owner, reviewer):
        papers.verified(owner, reviewer, "trademark", until_date=TODAY)
        day_after = NOON + timedelta(days=1)

        warned: list[Any] = at_once(*(lambda: actions.warn_of_ends(at=NOON) for _ in range(4)))
        at_once(*(lambda: actions.settle_all(at=day_after) for _ in range(4)))

        assert (sum(warned), PaperWarning.objects.filter(is_told=True).count(), Notice.objects.filter(kind="paper_ends").count()) == (
            1,
            1,
            1,
        )
        assert Stop.objects.count() == 1

    def test_leave_no_stop_behind_a_verification(self, owner, reviewer):
        old = papers.verified(owner, reviewer, "trademark", until_date=TODAY)
        day_after = NOON + timedelta(days=1)
        newer = papers.entered(owner, "trademark", replaces=old, at=day_after)

        at_once(lambda: actions.settle_all(at=day_after), lambda: actions.verify([newer.pk], actor=reviewer, at=day_after))
        actions.settle_all(at=day_after)

        assert not Stop.objects.open(day_after).exists()

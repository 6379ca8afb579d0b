"""What the log keeps of a change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from assurance.events.actions import announce
from assurance.events.changes import change, digest, salt_of
from assurance.events.models import Event, SubjectSalt
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import Organisation, User


class TestAnnouncing:
    @pytest.mark.row("P22.4")
    def test_keeps_who_when_what_from_what_to_what_and_why(self, hejian: Organisation, eve: User) -> None:
        changes = change(hejian, name="禾见日化")

        announce("accounts.organisation.renamed", actor=eve, at=NOON, subject=hejian, changes=changes, reason="改名")

        event = Event.objects.get()
        assert event.kind == "accounts.organisation.renamed"
        assert (event.actor_id, event.at, event.organisation_id) == (eve.pk, NOON, hejian.pk)
        assert event.changes == {"name": ["禾见", "禾见日化"]}
        assert event.reason == "改名"

    @pytest.mark.row("P22.4")
    def test_keeps_a_person_only_as_salted_digest(self, amal: User) -> None:
        changes = change(amal, phone="+8613811112222", language="zh-hans")

        announce("accounts.user.changed", actor=amal, at=NOON, subject=amal, changes=changes)

        kept = Event.objects.get().changes
        salt = salt_of(amal)
        assert kept["phone"] == [digest(salt, "+8613800000001"), digest(salt, "+8613811112222")]
        assert kept["language"] == ["en", "zh-hans"]
        assert SubjectSalt.objects.count() == 1

    def test_says_nothing_of_what_stayed_the_same(self, amal: User) -> None:
        assert change(amal, language="en", is_active=True) == {}

    def test_belongs_to_the_subjects_organisation(self, amal: User, hejian: Organisation) -> None:
        event = announce("accounts.user.seen", actor=None, at=NOON + timedelta(days=1), subject=amal)

        assert event.organisation_id == hejian.pk

    @pytest.mark.row("P22.1")
    def test_is_read_by_ones_own_organisation_and_the_auditor_only(self, amal: User, ann: User, chidi: User, ada: User) -> None:
        event = announce("accounts.user.seen", actor=None, at=NOON, subject=amal)

        assert list(Event.objects.visible_to(ann)) == [event]
        assert list(Event.objects.visible_to(ada)) == [event]
        assert list(Event.objects.visible_to(chidi)) == []

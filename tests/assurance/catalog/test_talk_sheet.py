"""The talk-sheet: what may be said with its proof, what must not; what was shown is kept word for word."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from assurance.badges import actions as badges
from assurance.catalog import actions
from assurance.catalog.models import TalkSheet, TalkSheetShown
from assurance.catalog.talk_sheet import content_of
from assurance.events.models import Event
from assurance.evidence import canonical
from assurance.evidence.actions import record
from assurance.gates.actions import open_stop
from tests import enrolments, offers

pytestmark = [pytest.mark.django_db, pytest.mark.row("A12.2")]


@pytest.fixture
def entry(amal, wei, bo, dana):
    enrolments.load_categories()
    enrolment = enrolments.approved(amal, dana)
    return offers.offered(amal, team=(wei, bo), product=enrolment.product)


class TestATalkSheet:
    def test_says_what_is_proved_and_by_what(self, entry):
        content = content_of(entry, at=timezone.now())

        said = {one["say"]: one["proof"] for one in content["may"]}
        inspected = "Of lot HJ261105B, 80 units were drawn at random on arrival and inspected; 0 had a defect."
        assert said[inspected].startswith("Evidence entry ")
        assert said["At most 3.7% of this lot are defective, with 95% confidence."] == "Upper bound after Clopper and Pearson"
        assert said["Specification: 120 g"].startswith("Stated by the merchant and reviewed, E-")

    def test_names_what_waits_for_its_proof_and_what_must_not_be_said(self, entry):
        content = content_of(entry, at=timezone.now())

        assert [one["say"] for one in content["later"]] == ["Laboratory", "Outbound inspection", "Customer returns"]
        must_not = [one["say"] for one in content["must_not"]]
        assert "“Every single one was checked”" in must_not
        assert "Any laboratory value" in must_not
        assert any(one["proof"] == "Advertising Law, article 9 (3)" for one in content["must_not"])

    def test_tells_laboratory_values_once_they_are_published(self, entry, amal):
        test = {"code": "pb", "zh": "铅", "en": "Lead", "standard": "GB 2762", "reported": "<0.02", "unit": "mg/kg", "verdict": "pass"}
        with transaction.atomic():
            record(
                "lab_publication",
                product_id=entry.product_id,
                organisation_id=entry.merchant_id,
                lot_id=entry.badge.lot_id,
                at=timezone.now(),
                actor=None,
                body={"verdict": "pass", "tests": [test]},
            )
        badges.refine(product_ids=[entry.product_id], at=timezone.now())

        content = content_of(entry, at=timezone.now())

        assert "Laboratory, Lead: <0.02 mg/kg, within GB 2762." in [one["say"] for one in content["may"]]
        assert "Any laboratory value" not in [one["say"] for one in content["must_not"]]

    def test_says_nothing_of_a_badge_that_is_stopped(self, entry):
        open_stop(merchant_id=entry.merchant_id, product_id=entry.product_id, code="c", because="x", actor=None, at=timezone.now())

        content = content_of(entry, at=timezone.now())

        assert all("badge" not in one["say"] and "inspected" not in one["say"] for one in content["may"])
        assert content["must_not"][0]["say"] == "Anything of a badge"

    def test_is_written_in_the_readers_language(self, entry):
        with translation.override("zh-hans"):
            content = content_of(entry, at=timezone.now())

        assert content["language"] == "zh-hans"
        assert any("抽检" in one["say"] for one in content["may"])


class TestWhatWasShown:
    def test_is_kept_word_for_word_with_time_and_fingerprint(self, entry, mei):
        at = timezone.now()

        content, shown = actions.show_talk_sheet(entry=entry, actor=mei, at=at)

        kept = TalkSheet.objects.get()
        assert json.loads(kept.content) == content
        assert kept.sha256 == hashlib.sha256(canonical.encode(content)).hexdigest() == hashlib.sha256(kept.content.encode()).hexdigest()
        assert (shown.person, shown.shown_at, shown.sheet) == (mei, at, kept)
        event = Event.objects.get(kind="catalog.talk_sheet.shown")
        assert (event.at, event.changes["sha256"], event.organisation_id) == (at, [None, kept.sha256], mei.organisation_id)

    def test_is_one_version_until_something_changes(self, entry, mei):
        for minutes in range(3):
            actions.show_talk_sheet(entry=entry, actor=mei, at=timezone.now() + timedelta(minutes=minutes))
        assert (TalkSheet.objects.count(), TalkSheetShown.objects.count()) == (1, 3)

        open_stop(merchant_id=entry.merchant_id, product_id=entry.product_id, code="c", because="x", actor=None, at=timezone.now())
        actions.show_talk_sheet(entry=entry, actor=mei, at=timezone.now())

        assert TalkSheet.objects.count() == 2

    @pytest.mark.parametrize("table", ["assurance_talksheet", "assurance_talksheetshown"])
    def test_never_changes(self, entry, mei, table):
        actions.show_talk_sheet(entry=entry, actor=mei, at=timezone.now())

        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="permission denied|append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)

    def test_is_seen_by_the_own_studio_only(self, entry, mei, max_, eve):
        actions.show_talk_sheet(entry=entry, actor=mei, at=timezone.now())

        assert [TalkSheetShown.objects.visible_to(who).count() for who in (mei, max_, eve)] == [1, 0, 1]

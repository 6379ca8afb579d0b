"""Data in both languages (P21.2); days, moments, figures and money by the reader's language and clock (P21.3)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection
from django.template import Context, Template
from django.urls import reverse
from django.utils import timezone, translation

from assurance import messages
from assurance.accounts.models import User
from assurance.notices.actions import mail_notice, notify
from assurance.products.models import Category
from assurance.reference import LOADERS
from assurance.translation_flaws import OWN_NAMES
from qc.inspections.models import DefectKind
from tests import leftovers
from tests.factories import NOON
from tests.readers import browser_of, speaking

BOTH = pytest.mark.parametrize("language", ["zh-hans", "en"])


# --- data ---------------------------------------------------------------------------------------------------------
@pytest.mark.row("P21.2")
class TestData:
    @pytest.fixture(autouse=True)
    def _loaded(self, db: None) -> None:
        for load in LOADERS.values():
            load(NOON)

    @pytest.mark.parametrize("model", [Category, DefectKind])
    def test_has_a_name_in_both_languages(self, model: Any):
        rows = list(model.objects.all())

        assert rows
        for row in rows:
            with translation.override("zh-hans"):
                assert leftovers.HAN.search(row.name), row.pk
            with translation.override("en"):
                assert row.name
                assert not leftovers.HAN.search(row.name), row.pk

    def test_says_what_a_category_asks_for_in_both_languages(self):
        asked = [attribute for category in Category.objects.all() for attribute in category.required_attributes]

        assert asked
        for attribute in asked:
            assert leftovers.HAN.search(attribute["label_zh"])
            assert not leftovers.HAN.search(attribute["label_en"])
            for choice in attribute.get("choices", []):
                assert choice["zh"]
                assert choice["en"]

    def test_gives_every_reason_and_state_a_name_in_both_languages(self):
        for model in (model for app in messages.APPS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()):
            for field in model._meta.get_fields():
                for value, label in getattr(field, "flatchoices", ()):
                    if str(label) in OWN_NAMES or f"{model.__name__}.{field.name}" in {"SignInAttempt.outcome", "User.language"}:
                        continue
                    with translation.override("en"):
                        assert not leftovers.HAN.search(str(label)), (model, field.name, value)
                    with translation.override("zh-hans"):
                        assert leftovers.HAN.search(str(label)), (model, field.name, value)


# --- days, figures, money, zones ----------------------------------------------------------------------------------
LATE = datetime(2026, 3, 1, 20, 30, 5, tzinfo=UTC)
"""2 March, 04:30 in Shanghai; 1 March, 15:30 in New York."""


def shown(template: str, **context: Any) -> str:
    """Return the text of a snippet without its tags."""
    return leftovers.squeezed(re.sub("<[^>]+>", "", Template(template).render(Context(context))))


@pytest.mark.row("P21.3")
class TestAFigureOrAMoment:
    @pytest.mark.parametrize(
        ("language", "zone", "form", "text"),
        [
            ("zh-hans", "Asia/Shanghai", "full", "2026-03-02 04:30:05"),
            ("zh-hans", "America/New_York", "full", "2026-03-01 15:30:05"),
            ("en", "Asia/Shanghai", "full", "2 Mar 2026 04:30:05"),
            ("en", "America/New_York", "full", "1 Mar 2026 15:30:05"),
            ("zh-hans", "Asia/Shanghai", "long", "2026年3月2日"),
            ("en", "America/New_York", "long", "1 March 2026"),
        ],
    )
    def test_is_shown_by_the_reader_s_clock_and_language(self, language: str, zone: str, form: str, text: str):
        with translation.override(language), timezone.override(zone):
            assert shown("{% when at form %}", at=LATE, form=form) == text

    @BOTH
    def test_keeps_a_day_a_day(self, language: str):
        with translation.override(language), timezone.override("America/New_York"):
            assert shown('{% when day "long" %}', day=date(2029, 11, 4)) == {"zh-hans": "2029年11月4日", "en": "4 November 2029"}[language]

    @BOTH
    def test_groups_money_and_counts(self, language: str):
        with translation.override(language):
            assert shown("{% money amount %}", amount=Decimal("12846.3")) == "¥12,846.30"
            assert shown("{{ n|number }}", n=6000) == "6,000"
            assert shown("{{ n|number }}", n=-6000) == "\N{MINUS SIGN}6,000"

    def test_follows_the_zone_of_the_account(self, eve: User, hejian: Any):
        speaking(eve, "zh-hans", "America/New_York")

        page = browser_of(eve, "zh-hans").get(reverse("admin:assurance_organisation_change", args=[hejian.pk])).content.decode()

        assert "2026-11-19 23:00:00" in page
        assert "2026-11-20 12:00:00" not in page

    def test_follows_the_reader_in_a_mailed_notice(self, amal: User, ann: User):
        due = datetime(timezone.now().year, 3, 1, 20, 30, tzinfo=UTC)
        people = [speaking(amal, "zh-hans"), speaking(ann, "en", "America/New_York")]

        for notice in notify("enrolment_submitted", recipients=people, key="1", at=NOON, product="x", due=due.isoformat()):
            mail_notice(notice_id=notice.pk, at=NOON)

        chinese, english = (sent.body for sent in mail.outbox)
        assert "请在 03-02 04:30 前审核。" in chinese
        assert "Decide by 1 Mar 15:30." in english

    def test_is_stored_in_utc(self, hejian: Any):
        with timezone.override("America/New_York"), connection.cursor() as cursor:
            cursor.execute("SHOW timezone")
            assert cursor.fetchone() == ("UTC",)
            cursor.execute("SELECT created_at::text FROM assurance_organisation WHERE id = %s", [hejian.pk])
            assert cursor.fetchone() == ("2026-11-20 04:00:00+00",)

    def test_is_given_in_utc_by_the_api(self, eve: User, hejian: Any):
        speaking(eve, "en", "America/New_York")

        told = browser_of(eve, "en").get("/api/v1/organisations/HEJIAN/").json()

        assert told["created_at"] == "2026-11-20T04:00:00Z"

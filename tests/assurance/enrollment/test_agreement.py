"""The agreement: one text, its fingerprint, who accepted it when; nothing is submitted without it. What the merchant sees before."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from assurance.enrollment import actions
from assurance.enrollment.agreement import fingerprint, is_same_name
from assurance.enrollment.models import Acceptance, Agreement, Enrolment
from assurance.enrollment.outlook import outlook
from assurance.enrollment.queries import agreement_in_force
from assurance.enrollment.way import way_to_badge
from assurance.events.models import Event
from assurance.reference import LOADERS, newest
from tests import enrolments
from tests.doors import browser
from tests.factories import NOON

DATA = newest("agreements")


def begun(person, **given):
    """Return a draft of a merchant who has not accepted anything."""
    product = enrolments.products.create(values=enrolments.values(**given), actor=person, at=NOON)
    enrolments.prove(product, person)
    return actions.start(product_id=product.pk, actor=person, at=NOON)


def signing(person, **given):
    return actions.Signing(**({"sha256": fingerprint(DATA), "name": person.name} | given))


class TestTheFingerprint:
    def test_covers_both_texts_and_the_version(self):
        assert all(fingerprint(DATA | {name: "other"}) != fingerprint(DATA) for name in ("version", "text_zh", "text_en", "title_zh"))

    @pytest.mark.parametrize(("typed", "same"), [("Amal", True), (" a m a l ", True), ("Amala", False), ("", False)])
    def test_and_a_name_are_compared_without_spaces_and_case(self, typed, same):
        assert is_same_name(typed, "Amal") is same


@pytest.mark.usefixtures("categories")
class TestTheAgreement:
    def test_is_published_once_per_version(self):
        assert [actions.load_agreement(data=DATA, at=NOON) for _ in range(2)] == [1, 0]
        with pytest.raises(actions.AgreementRewritten):
            actions.load_agreement(data=DATA | {"text_en": "other"}, at=NOON)

    def test_is_accepted_once_for_the_whole_organisation(self, amal, ann):
        enrolments.load_agreement()

        first = actions.accept_agreement(signing=signing(amal), actor=amal, at=NOON)
        again = actions.accept_agreement(signing=signing(ann), actor=ann, at=NOON)

        assert (first, first.accepted_by, first.accepted_at, first.sha256) == (again, amal, NOON, fingerprint(DATA))
        event = Event.objects.get(kind="enrollment.agreement.accepted")
        assert event.changes["signed_name"][1].startswith("sha256:")

    @pytest.mark.parametrize(
        ("given", "refusal"), [({"sha256": "0" * 64}, actions.AgreementChanged), ({"name": "Somebody"}, actions.NotYourName)]
    )
    def test_is_accepted_only_as_it_was_read_and_by_name(self, amal, given, refusal):
        enrolments.load_agreement()

        with pytest.raises(refusal):
            actions.accept_agreement(signing=signing(amal, **given), actor=amal, at=NOON)

    def test_is_accepted_by_merchants_only(self, dana):
        enrolments.load_agreement()

        with pytest.raises(actions.NotAMerchant):
            actions.accept_agreement(signing=signing(dana), actor=dana, at=NOON)

    def test_stands_before_every_submission(self, amal):
        enrolments.load_agreement()
        draft = begun(amal)

        with pytest.raises(actions.AgreementNotAccepted):
            actions.submit(enrolment_id=draft.pk, actor=amal, at=NOON)
        sent = actions.submit(enrolment_id=draft.pk, signing=signing(amal), actor=amal, at=NOON)

        assert sent.acceptance == Acceptance.objects.get()

    def test_has_to_be_accepted_anew_when_it_changed(self, amal):
        enrolments.accept(amal)
        actions.load_agreement(data=DATA | {"version": "2999-01"}, at=NOON)
        assert agreement_in_force().version == "2999-01"

        with pytest.raises(actions.AgreementNotAccepted):
            actions.submit(enrolment_id=begun(amal).pk, actor=amal, at=NOON)

    def test_is_asked_for_by_the_database_too(self, amal):
        draft = begun(amal)
        values = {"state": "submitted", "submitted_at": NOON, "submitted_by": amal, "due_at": NOON}

        with pytest.raises(IntegrityError, match="without an accepted agreement"), transaction.atomic():
            Enrolment.objects.filter(pk=draft.pk).update(**values)

    def test_of_another_merchant_does_not_do(self, amal, chidi):
        enrolments.accept(chidi)
        draft = begun(amal)
        Enrolment.objects.filter(pk=draft.pk).update(acceptance=Acceptance.objects.get())

        with pytest.raises(IntegrityError, match="same_owner"), transaction.atomic():
            connection.check_constraints()
        Enrolment.objects.filter(pk=draft.pk).update(acceptance=None)

    def test_never_changes(self, amal):
        enrolments.accept(amal)

        for rows in (Acceptance.objects.all(), Agreement.objects.all()):
            with pytest.raises(Exception, match="permission denied|append-only"), transaction.atomic():
                rows.update(sha256="0" * 64)


@pytest.mark.row("A1.1")
@pytest.mark.usefixtures("categories")
class TestBeforeSubmitting:
    def test_counts_the_working_days(self):
        assert [way_to_badge(lab_result_days=days).days for days in (0, 180)] == [4, 11]

    def test_shows_what_is_missing_tests_days_and_fees_of_the_versions_in_force(self, amal):
        enrolments.load_agreement()
        LOADERS["rates"](NOON)
        draft = begun(amal, gtin="", attributes={})

        ahead = outlook(Enrolment.objects.select_related("product__category").get(pk=draft.pk), at=NOON)

        assert {lack.field for lack in ahead.missing} == {"gtin", *(f"attributes.{name}" for name in enrolments.SKINCARE)}
        assert [standard for _label, standard in ahead.tests] == ["《化妆品安全技术规范》"] * 2
        assert {fee.kind: str(fee.amount) for fee in ahead.fees} | {"inbound_check": "0.30", "service": "0.60"} == {
            fee.kind: str(fee.amount) for fee in ahead.fees
        }
        assert (ahead.category.version, ahead.rates_version, ahead.acceptance) == (newest("categories")["version"], "2026-01", None)

    def test_shows_the_agreement_until_it_is_accepted_and_submits_with_it(self, amal):
        enrolments.load_agreement()
        draft = begun(amal)
        url, page = reverse("enrollment:check", args=[draft.pk]), browser(amal)
        assert "1. Scope" in page.get(url).content.decode()

        wrong = page.post(url, {"sha256": fingerprint(DATA), "name": "Somebody", "accepts": "on"})
        assert (wrong.status_code, Enrolment.objects.get().state) == (422, "draft")
        assert "Type your own name" in wrong.content.decode()
        right = page.post(url, {"sha256": fingerprint(DATA), "name": amal.name, "accepts": "on"})

        assert right.url == reverse("enrollment:show", args=[draft.pk])
        assert Enrolment.objects.get().state == "submitted"

    def test_says_what_is_missing_and_offers_no_button(self, amal):
        draft = enrolments.draft(amal, gtin="", proven=False)

        html = browser(amal).get(reverse("enrollment:check", args=[draft.pk])).content.decode()

        assert "2 entries are missing" in html
        assert "Cosmetics filing: Attach this certificate." in html
        assert "Fill in what is missing first" in html

    def test_is_not_shown_to_another_merchant(self, amal, chidi):
        draft = enrolments.draft(amal)

        assert browser(chidi).get(reverse("enrollment:check", args=[draft.pk])).status_code == 404

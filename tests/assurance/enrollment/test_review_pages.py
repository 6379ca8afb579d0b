"""The reviewer's queue and page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from assurance.certificates.actions import suspend
from assurance.certificates.queries import attached_to
from assurance.claims import actions as saying
from assurance.claims.actions import Attached, NewClaim
from assurance.enrollment.actions import submit
from assurance.enrollment.models import Enrolment
from assurance.files.actions import store
from assurance.products.actions import Upload, update
from tests import certificates, enrolments
from tests.doors import HTMX, browser, queries_after
from tests.factories import NOON

pytestmark = pytest.mark.usefixtures("categories")


def address(name, enrolment):
    return reverse(f"enrollment:{name}", args=[enrolment.pk])


class TestTheQueue:
    def test_shows_who_is_at_it_and_what_is_late(self, amal, dana, dov):
        enrolments.submitted(amal, name_en="Free")
        enrolments.claimed(amal, dov, name_en="Taken")
        enrolments.claimed(amal, dana, name_en="Mine")
        Enrolment.objects.update(due_at=NOON)

        html = browser(dana).get(reverse("enrollment:queue")).content.decode()

        assert html.count(" late</time>") == 3
        assert [word in html for word in ("nobody", "Dov", "You")] == [True] * 3

    @pytest.mark.parametrize(
        ("tab", "names"), [("waiting", {"Free", "Mine"}), ("mine", {"Mine"}), ("decided", {"Done"}), ("x", {"Free", "Mine"})]
    )
    def test_has_three_views(self, amal, dana, tab, names):
        enrolments.submitted(amal, name_en="Free")
        enrolments.claimed(amal, dana, name_en="Mine")
        enrolments.approved(amal, dana, name_en="Done")

        page = browser(dana).get(reverse("enrollment:queue"), {"tab": tab})

        assert {enrolment.product.name_en for enrolment in page.context["page"]} == names

    def test_asks_no_more_of_the_database_for_six_rows_than_for_two(self, amal, dana):
        page, url = browser(dana), reverse("enrollment:queue")
        few = queries_after(lambda: [enrolments.submitted(amal) for _ in range(2)], page, url)

        assert queries_after(lambda: [enrolments.submitted(amal) for _ in range(4)], page, url) == few

    @pytest.mark.row("P1.5")
    def test_is_ordered_by_due_time(self, amal, dana):
        for hours, name in ((2, "Second"), (1, "First"), (3, "Third")):
            enrolment = enrolments.submitted(amal, name_en=name)
            Enrolment.objects.filter(pk=enrolment.pk).update(due_at=NOON + timedelta(hours=hours))

        page = browser(dana).get(reverse("enrollment:queue"))

        assert [enrolment.product.name_en for enrolment in page.context["page"]] == ["First", "Second", "Third"]

    def test_is_no_business_of_a_merchant(self, amal):
        assert browser(amal).get(reverse("enrollment:queue")).status_code == 403


class TestReviewing:
    def test_goes_from_claiming_to_approving(self, amal, dana):
        enrolment, page = enrolments.submitted(amal), browser(dana)
        assert b"Approve" not in page.get(address("review", enrolment)).content

        page.post(address("claim", enrolment))
        assert b"Approve" in page.get(address("review", enrolment)).content
        response = page.post(address("approve", enrolment))

        assert response.url == reverse("enrollment:queue")
        assert Enrolment.objects.get().state == "approved"

    def test_names_what_keeps_it_from_being_approved_before_anybody_tries(self, amal, dana, dov):
        enrolment, page = enrolments.claimed(amal, dana), browser(dana)
        certificate = attached_to([enrolment.product_id])[enrolment.product_id][0]
        suspend(certificate_id=certificate.pk, reason="编号查无此证", actor=dov, at=NOON)

        shown = page.get(address("review", enrolment))
        refused = page.post(address("approve", enrolment), headers=HTMX)

        assert [one.label for one in shown.context["doubts"]] == ["Cosmetics filing"]
        assert "It cannot be approved yet" in shown.content.decode()
        assert (refused.status_code, b"data-problem" in refused.content) == (409, True)

    def test_shows_what_was_submitted_and_not_what_came_after(self, amal, dana):
        product = enrolments.product(amal, name="洁面乳")
        enrolments.prove(product, amal)
        update(product_id=product.pk, values={}, picture=Upload(enrolments.picture(), "正面.jpg"), actor=amal, at=NOON)
        from assurance.enrollment import actions

        enrolment = actions.submit(enrolment_id=actions.start(product_id=product.pk, actor=amal, at=NOON).pk, actor=amal, at=NOON)
        type(product).objects.filter(pk=product.pk).update(name="偷偷改的")

        page = browser(dana).get(address("review", enrolment))

        values = {line.field: line.value for line in page.context["lines"]}
        assert values["name"] == "洁面乳"
        assert values["category"] == "Skin care"
        assert page.context["picture"].shown_name == "正面.jpg"
        assert "cost" not in values

    @pytest.mark.row("P1.2")
    @pytest.mark.parametrize(("name", "state"), [("return-for-changes", "needs_changes"), ("reject", "rejected")])
    def test_gives_reasons_at_the_fields(self, amal, dana, name, state):
        enrolment = enrolments.claimed(amal, dana)
        typed = {"code-gtin": "contradiction", "words-gtin": "包装上是另一个条码", "code-picture": "missing"}

        response = browser(dana).post(address(name, enrolment), typed)

        assert response.url == reverse("enrollment:queue")
        assert Enrolment.objects.get().state == state
        assert set(enrolment.reasons.values_list("field", "code", "words")) == {
            ("gtin", "contradiction", "包装上是另一个条码"),
            ("picture", "missing", ""),
        }

    @pytest.mark.row("P1.2")
    @pytest.mark.parametrize(
        ("typed", "at", "says"),
        [
            ({}, "__all__", "Give at least one reason, tied to a field."),
            ({"words-gtin": "falsch"}, "code-gtin", "Choose what is wrong."),
            ({"code-gtin": "other"}, "words-gtin", "Say in words what is meant."),
            ({"code-gtin": "ugly"}, "code-gtin", "Select a valid choice."),
        ],
    )
    def test_says_what_a_reason_lacks_and_decides_nothing(self, amal, dana, typed, at, says):
        enrolment = enrolments.claimed(amal, dana)

        response = browser(dana).post(address("return-for-changes", enrolment), typed, headers=HTMX)

        assert response.status_code == 422
        assert says in str(response.context["form"].errors[at])
        assert Enrolment.objects.get().state == "submitted"

    @pytest.mark.row("P1.5")
    def test_is_not_possible_for_another_reviewer(self, amal, dana, dov):
        enrolment, page = enrolments.claimed(amal, dana), browser(dov)
        html = page.get(address("review", enrolment)).content.decode()
        assert "Dana is at it" in html
        assert "Approve" not in html

        for name in ("claim", "approve", "return-for-changes", "reject", "release-claim"):
            assert page.post(address(name, enrolment), {"code-gtin": "missing"}).status_code == 409
        assert Enrolment.objects.get().claimed_by_id == dana.pk

    def test_can_be_handed_back(self, amal, dana):
        enrolment = enrolments.claimed(amal, dana)

        browser(dana).post(address("release-claim", enrolment))

        assert Enrolment.objects.get().claimed_by_id is None

    def test_shows_no_draft(self, amal, dana):
        assert browser(dana).get(address("review", enrolments.draft(amal))).status_code == 404

    def test_is_looked_at_by_an_auditor_who_can_do_nothing(self, amal, ada):
        enrolment = enrolments.submitted(amal)

        assert b"Claim" not in browser(ada).get(address("review", enrolment)).content
        assert browser(ada).post(address("claim", enrolment)).status_code == 403

    def test_can_be_handed_back_by_an_administrator_for_somebody_who_is_away(self, amal, dana, eve):
        enrolment, page = enrolments.claimed(amal, dana), browser(eve)
        assert b"Hand back" in page.get(address("review", enrolment)).content

        page.post(address("release-claim", enrolment))

        assert Enrolment.objects.get().claimed_by_id is None
        assert b"Hand back" not in page.get(address("review", enrolment)).content


@pytest.mark.row("P1.3")
class TestASecondSubmission:
    @pytest.fixture
    def again(self, amal, dana) -> Enrolment:
        """Returned, changed in two fields and the picture, and submitted again."""
        enrolment = enrolments.returned(amal, dana)
        old = enrolment.product
        change = {"name_en": "Another name", "price": "61.00"}
        update(product_id=old.pk, values=change, picture=Upload(enrolments.picture(), "正面.jpg"), actor=amal, at=NOON)
        return submit(enrolment_id=enrolment.pk, actor=amal, at=NOON + timedelta(hours=1))

    def test_is_shown_beside_the_first_field_by_field_and_file_by_file(self, again, dana):
        found = browser(dana).get(address("review", again))

        changed = {one.label: (one.before, one.after) for one in found.context["changed"]}
        assert changed["English name"][1] == "Another name"
        assert changed["Price"] == ("¥59.90", "¥61.00")
        assert changed["Picture"][0] != changed["Picture"][1]
        assert len(changed) == 3
        assert "Changed since the last submission" in found.content.decode()

    def test_is_told_by_the_api_too(self, again, dana):
        found = browser(dana).get(f"/api/v1/enrolments/{again.pk}/").json()

        assert {one["field"]: one["is_file"] for one in found["differences"]} == {"name_en": False, "price": False, "picture": True}

    @pytest.mark.row("P1.2")
    def test_shows_what_is_said_too_and_a_reason_points_at_it(self, amal, dana):
        draft, page = enrolments.draft(amal), browser(dana)
        said = saying.make(NewClaim(draft.product_id, "efficacy", "package", "泡沫丰富", amal, NOON))
        submit(enrolment_id=draft.pk, actor=amal, at=NOON)
        page.post(address("claim", draft))
        field = f"claims.{said.pk}"
        page.post(address("return-for-changes", draft), {f"code-{field}": "not_proven", f"words-{field}": "多丰富？"})

        form = browser(amal).get(reverse("enrollment:edit", args=[draft.pk]))
        assert form.context["objected_claims"] == [
            (f"Claim {said.code} “泡沫丰富”", reverse("claims:show", args=[said.pk]), ["Not proven: 多丰富？"])
        ]
        saying.withdraw(claim_id=said.pk, actor=amal, at=NOON)
        other = saying.make(NewClaim(draft.product_id, "efficacy", "page", "泡沫细腻", amal, NOON))
        file = store(organisation=amal.organisation, uploaded_by=amal, data=certificates.pdf(), shown_name="测试.pdf", at=NOON)
        saying.attach(Attached(other.pk, "document", "测试", file), actor=amal, at=NOON)
        submit(enrolment_id=draft.pk, actor=amal, at=NOON)

        shown = page.get(address("review", draft)).context["changed"]
        assert [(one.label, one.before, one.after) for one in shown if not one.is_file] == [
            (f"Claim {other.code}", "", "泡沫细腻"),
            (f"Claim {said.code}", "泡沫丰富", ""),
        ]
        assert [one.label for one in shown if one.is_file] == [f"Paper under Claim {other.code}"]

    def test_is_not_there_at_the_first(self, amal, dana):
        assert browser(dana).get(address("review", enrolments.submitted(amal))).context["changed"] == []

    def test_is_kept_as_it_was_handed_over(self, again):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            again.submissions.update(sha256="0" * 64)

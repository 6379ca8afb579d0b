"""What categories demand, and how that changes, on pages and through the API."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assurance.calendar import SHANGHAI
from assurance.products.models import Category, CategoryVersion
from assurance.roles import Role
from tests import enrolments, factories, goods, versions
from tests.doors import Api, browser, said

pytestmark = pytest.mark.django_db


def today() -> date:
    return timezone.localdate(timezone.now(), SHANGHAI)


@pytest.fixture
def frank(eve):
    return factories.user(Role.PLATFORM_ADMIN, eve.organisation, name="方克")


def posted(page, url):
    """Return what a browser would send if nothing were changed."""
    form = page.get(url).context["form"]
    sent = {}
    for part in (form.head, *(row for rows in form.rows.values() for row in rows)):
        for bound in part:
            value = bound.value()
            if value is not None and value is not False and value != "":
                sent[bound.html_name] = value
    for name, rows in form.rows.items():
        sent |= {f"{name}-TOTAL_FORMS": str(rows.total_form_count()), f"{name}-INITIAL_FORMS": str(rows.initial_form_count())}
    return sent


class TestWhatACategoryDemands:
    def test_is_shown_to_merchants_in_a_tree_and_one_by_one(self, amal):
        enrolments.load_categories()
        page = browser(amal)

        tree = page.get(reverse("categories:list")).content.decode()
        assert tree.count(reverse("categories:show", args=["snacks"])) == 1
        shown = page.get(reverse("categories:show", args=["snacks"])).content.decode()

        for words in ("GB 7718-2025", "Food production licence (SC)", "at most 1/4 of it used up", "2.5", "0.25"):
            assert words in shown
        assert "New version" not in shown

    def test_of_a_group_is_not_there(self, amal):
        enrolments.load_categories()

        assert browser(amal).get(reverse("categories:show", args=["food"])).status_code == 404

    def test_tells_of_what_comes(self, amal, eve):
        face = goods.category("face")
        version = versions.draft(face, days=40, badge_days=30)
        Api(eve).post(f"/category-versions/{version.pk}/activate/", {"digest": fingerprint_of(eve, version)})

        assert "New rules from" in browser(amal).get(reverse("categories:show", args=["face"])).content.decode()
        assert Category.objects.get(pk=face.pk).badge_days == 90


def fingerprint_of(person, version):
    return Api(person).get(f"/category-versions/{version.pk}/impact/").json()["digest"]


class TestADraftOnThePage:
    def test_starts_from_what_is_in_force_and_keeps_every_word(self, eve):
        enrolments.load_categories()
        url = reverse("categories:draft", args=["toys"])
        page = browser(eve)
        sent = posted(page, url) | {"note": "更严", "badge_days": "60"}

        response = page.post(url, sent)

        version = CategoryVersion.objects.get(category__code="toys", state="draft")
        assert response.url == reverse("categories:version", args=[version.pk])
        toys = Category.objects.get(code="toys")
        assert version.content() == toys.content() | {"badge_days": 60}
        assert version.effective_from == today() + timedelta(days=1)

    def test_says_beside_the_field_what_is_wrong(self, eve):
        enrolments.load_categories()
        url = reverse("categories:draft", args=["toys"])
        page = browser(eve)
        sent = posted(page, url)
        sent |= {"required_attributes-0-key": "Big Key", "risk_prior": "7", "effective_from": (today() - timedelta(days=1)).isoformat()}

        response = page.post(url, sent)

        assert response.status_code == 422
        form = response.context["form"]
        assert form.head.errors["risk_prior"] == ["Write a number from 0 to 1 with two decimals at most, like 0.25."]
        assert "is no key" in form.rows["required_attributes"][0].errors["key"][0]
        response = page.post(url, sent | {"required_attributes-0-key": "age", "risk_prior": "0.7"})
        assert (response.status_code, list(response.context["form"].head.errors)) == (422, ["effective_from"])
        assert page.post(url, sent | {"aql_major": "2.7"}).context["form"].head.errors["aql_major"]

    def test_shows_what_the_other_one_wrote(self, eve, frank):
        version = versions.draft(goods.category("face"))
        url = reverse("categories:redraft", args=[version.pk])
        mine, theirs = browser(eve), browser(frank)
        sent = posted(mine, url)
        assert theirs.post(url, posted(theirs, url) | {"badge_days": "30"}).status_code == 302

        response = mine.post(url, sent | {"badge_days": "60"})

        assert response.status_code == 409
        assert [(one.before, one.after) for one in response.context["differences"]] == [("30 days", "60 days")]
        again = sent | {"badge_days": "60", "revision": response.context["form"].head["revision"].value()}
        assert mine.post(url, again).status_code == 302
        version.refresh_from_db()
        assert (version.badge_days, version.revision) == (60, 3)


@pytest.mark.row("A1.2")
class TestActivatingOnThePage:
    def test_shows_who_would_fail_and_by_what_and_takes_only_that_list(self, eve, amal):
        face = goods.category("face")
        goods.enrolled(amal.organisation, category=face, name="甲")
        version = versions.draft(face, required_attributes=[{"key": "salt", "kind": "number", "label_zh": "盐", "label_en": "Salt"}])
        page = browser(eve)

        seen = page.get(reverse("categories:version", args=[version.pk]))
        assert [hit.product.name for hit in seen.context["hits"]] == ["甲"]
        assert "Salt" in seen.content.decode()
        digest = seen.context["form"]["digest"].value()
        url = reverse("categories:activate", args=[version.pk])
        assert page.post(url, {"digest": digest}).status_code == 422
        goods.enrolled(amal.organisation, category=face, name="乙")
        changed = page.post(url, {"digest": digest, "accepts": "on"})
        assert (changed.status_code, [hit.product.name for hit in changed.context["hits"]]) == (409, ["甲", "乙"])
        assert "another one now: 2 products" in changed.content.decode()
        done = page.post(url, {"digest": changed.context["form"]["digest"].value(), "accepts": "on"})

        assert done.status_code == 302
        version.refresh_from_db()
        assert (version.state, version.activated_by, version.accepted_count) == ("active", eve, 2)
        assert "failed it when it was activated" in page.get(done.url).content.decode()

    def test_is_not_offered_to_the_author(self, eve, frank):
        version = versions.draft(goods.category("face"), actor=eve)

        shown = browser(eve).get(reverse("categories:version", args=[version.pk])).content.decode()
        assert "Another administrator must activate it." in shown
        assert 'name="accepts"' not in shown
        response = browser(eve).post(reverse("categories:activate", args=[version.pk]), {"digest": "0" * 64, "accepts": "on"})
        assert response.status_code == 403
        frank.is_active = False
        frank.save()
        assert "Invite a second one" in browser(eve).get(reverse("categories:version", args=[version.pk])).content.decode()

    def test_can_be_given_up(self, eve):
        version = versions.draft(goods.category("face"))

        assert browser(eve).post(reverse("categories:discard", args=[version.pk])).status_code == 302
        version.refresh_from_db()
        assert version.state == "discarded"


class TestTheHomePage:
    def test_shows_a_draft_to_who_may_activate_it(self, eve, frank):
        versions.draft(goods.category("face"), actor=eve)

        assert "version t+2 waits to be activated" in browser(frank).get("/").content.decode()
        assert "waits to be activated" not in browser(eve).get("/").content.decode()


class TestTheApi:
    @pytest.mark.row("P2.3")
    def test_keeps_every_version_readable(self, eve, amal):
        face = goods.category("face")
        day = (today() + timedelta(days=3)).isoformat()
        made = Api(eve).post("/category-versions/", {"category": "face", "effective_from": day, "badge_days": 45})
        assert (made.status_code, made.json()["state"], made.json()["aql_major"]) == (201, "draft", face.aql_major)
        pk = made.json()["id"]
        changed = Api(eve).patch(f"/category-versions/{pk}/", {"revision": 1, "note": "更短"})
        assert (changed.json()["revision"], changed.json()["badge_days"]) == (2, 45)
        assert said(Api(eve).patch(f"/category-versions/{pk}/", {"revision": 1, "note": "x"})) == (409, "version_conflict")
        assert [one["badge_days"] for one in Api(amal).get("/category-versions/", category="face").json()["results"]] == [90]
        assert Api(amal).get(f"/category-versions/{pk}/").status_code == 404

        digest = fingerprint_of(eve, made_version := CategoryVersion.objects.get(pk=pk))
        assert said(Api(eve).post(f"/category-versions/{pk}/activate/", {"digest": digest})) == (403, "no_second_person")
        other = versions.writer()
        assert Api(other).post(f"/category-versions/{pk}/activate/", {"digest": digest}).status_code == 200

        found = Api(amal).get("/category-versions/", category="face").json()["results"]
        assert [(one["badge_days"], one["effective_until"]) for one in found] == [(45, None), (90, made_version.effective_from.isoformat())]

    def test_says_what_is_wrong_by_field(self, eve):
        goods.category("face")
        body = {"category": "face", "effective_from": "2016-01-01", "aql_major": "2.6"}

        response = Api(eve).post("/category-versions/", body)

        assert response.status_code == 400
        assert "aql_major" in response.content.decode()
        late = Api(eve).post("/category-versions/", body | {"aql_major": "2.5"})
        assert said(late) == (400, "date_in_the_past")
        assert said(Api(eve).post("/category-versions/", body | {"category": "cosmetics", "effective_from": "2099-01-01"}))[0] == 400

"""How the rules of a category change: drafted by one, understood, activated by another, and nothing of the past moves."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, ProgrammingError, transaction

from assurance.accounts.models import User
from assurance.categories import actions, queries
from assurance.categories.actions import (
    BadContent,
    CategoryIsGroup,
    DraftExists,
    EffectiveInThePast,
    ListChanged,
    NoSecondAdministrator,
    OwnDraft,
    PeriodTaken,
    VersionConflict,
    Wording,
)
from assurance.categories.models import CategoryConcern
from assurance.categories.tasks import tell_merchants
from assurance.events.models import Event
from assurance.notices.models import Notice
from assurance.products.models import Category, CategoryVersion
from assurance.products.queries import rules_of
from assurance.refusals import WrongState
from assurance.roles import Role
from tests import certificates, enrolments, factories, goods
from tests.assurance.products.test_categories import newer
from tests.factories import NOON

TODAY = date(2026, 11, 20)
LATER = date(2026, 12, 1)
SALT = {"key": "salt", "kind": "number", "label_zh": "盐", "label_en": "Salt", "unit": "g"}


@pytest.fixture
def frank(eve: User) -> User:
    """The second platform administrator."""
    return factories.user(Role.PLATFORM_ADMIN, eve.organisation, name="方克")


@pytest.fixture
def face(db: None) -> Category:
    return goods.category(
        "face", required_attributes=[], badge_days=90, shelf_life={}, risk_reason_zh="无", risk_reason_en="None", aql_major="2.5"
    )


def saying(category: Category, begins: date = TODAY, **changed: Any) -> Wording:
    return Wording(category.content() | changed, begins, note="新标准")


def drafted(category: Category, actor: User, begins: date = TODAY, **changed: Any) -> CategoryVersion:
    return actions.draft(category_id=category.pk, wording=saying(category, begins, **changed), actor=actor, at=NOON)


def accepted(version: CategoryVersion) -> str:
    return queries.fingerprint(version, queries.hits(version, at=NOON))


def activated(version: CategoryVersion, actor: User, at: Any = NOON) -> CategoryVersion:
    return actions.activate(version_id=version.pk, digest=accepted(version), actor=actor, at=at)


class TestADraft:
    def test_changes_nothing_yet(self, face, frank):
        version = drafted(face, frank, badge_days=30)

        assert (version.label, version.number, version.state, version.authors) == ("t+2", 2, "draft", [frank.pk])
        assert rules_of(face, TODAY).badge_days == 90
        assert Category.objects.get(pk=face.pk).badge_days == 90
        assert Event.objects.filter(kind="categories.version.drafted").count() == 1

    def test_is_the_only_one_of_its_category(self, face, frank, eve):
        drafted(face, frank)

        with pytest.raises(DraftExists, match=r"t\+2"):
            drafted(face, eve)

    def test_is_not_changed_by_two_at_once(self, face, frank, eve):
        version = drafted(face, frank)
        actions.redraft(version_id=version.pk, revision=1, wording=saying(face, badge_days=60), actor=eve, at=NOON)

        with pytest.raises(VersionConflict, match="you saw change 1, now it is change 2"):
            actions.redraft(version_id=version.pk, revision=1, wording=saying(face, badge_days=30), actor=frank, at=NOON)

        version.refresh_from_db()
        assert (version.badge_days, version.authors) == (60, sorted([frank.pk, eve.pk]))

    @pytest.mark.parametrize(
        ("changed", "field", "code"),
        [
            ({"aql_major": "2.7"}, "aql_major", "aql_not_preferred"),
            ({"required_attributes": [SALT | {"kind": "colour"}]}, "required_attributes.0.kind", "attribute_kind_unknown"),
        ],
    )
    def test_says_what_is_wrong_with_it(self, face, frank, changed, field, code):
        with pytest.raises(BadContent) as refused:
            drafted(face, frank, **changed)

        assert [point[:2] for point in refused.value.points()] == [(field, code)]

    def test_begins_neither_in_the_past_nor_in_anothers_time(self, face, frank, eve):
        with pytest.raises(EffectiveInThePast, match="2026-11-20"):
            drafted(face, frank, TODAY - timedelta(days=1))
        activated(drafted(face, frank, LATER), eve)

        with pytest.raises(PeriodTaken, match="2026-12-01"):
            drafted(face, frank, LATER)

    def test_of_a_group_is_refused(self, face, frank):
        with pytest.raises(CategoryIsGroup):
            drafted(face.parent, frank)

    def test_can_be_discarded_and_stays_to_be_read(self, face, frank):
        version = actions.discard(version_id=drafted(face, frank).pk, actor=frank, at=NOON)

        assert CategoryVersion.objects.get(pk=version.pk).state == "discarded"
        with pytest.raises(WrongState):
            actions.redraft(version_id=version.pk, revision=1, wording=saying(face), actor=frank, at=NOON)
        assert drafted(face, frank).label == "t+3"


class TestAnActivation:
    @pytest.mark.row("P22.3")
    def test_is_never_by_somebody_who_wrote_on_it(self, face, frank, eve):
        version = drafted(face, frank)

        with pytest.raises(OwnDraft):
            activated(version, frank)
        User.objects.filter(pk=eve.pk).update(is_active=False)
        with pytest.raises(NoSecondAdministrator, match="no other platform administrator"):
            activated(version, frank)
        with pytest.raises(IntegrityError, match="category_version_not_activated_by_its_author"), transaction.atomic():
            CategoryVersion.objects.filter(pk=version.pk).update(state="active", activated_by=frank, activated_at=NOON, accepted_count=0)

    @pytest.mark.row("P2.3")
    def test_begins_on_its_day_and_ends_the_one_before(self, face, frank, eve):
        version = activated(drafted(face, frank, LATER, badge_days=30), eve)

        eve_of = LATER - timedelta(days=1)
        assert [rules_of(face, day).badge_days for day in (TODAY, eve_of, LATER)] == [90, 90, 30]
        assert Category.objects.get(pk=face.pk).badge_days == 90
        assert actions.put_in_force(at=NOON) == 0
        assert actions.put_in_force(at=NOON + timedelta(days=11)) == 1
        face.refresh_from_db()
        assert (face.badge_days, face.version) == (30, version.label)

    @pytest.mark.row("A1.2")
    def test_needs_the_list_of_everybody_who_would_fail(self, face, frank, eve, amal, chidi):
        lacking = [goods.enrolled(person.organisation, category=face) for person in (amal, chidi)]
        goods.enrolled(amal.organisation, category=face, specification="120 g", attributes={"salt": "2"})
        goods.product(amal.organisation, category=face)
        version = drafted(face, frank, required_attributes=[SALT])

        found = queries.hits(version, at=NOON)
        assert [hit.product for hit in found] == lacking
        assert {(one.field, one.code) for hit in found for one in hit.findings} >= {("attributes.salt", "missing")}
        old = queries.fingerprint(version, found)
        third = goods.enrolled(chidi.organisation, category=face)
        with pytest.raises(ListChanged, match="3 products"):
            actions.activate(version_id=version.pk, digest=old, actor=eve, at=NOON)
        assert CategoryVersion.objects.get(pk=version.pk).state == "draft"

        done = activated(version, eve)

        assert (done.accepted_count, done.activated_by, done.accepted_digest) == (3, eve, accepted(version))
        assert list(CategoryConcern.objects.order_by("product_id").values_list("product_id", flat=True)) == [
            one.pk for one in (*lacking, third)
        ]
        tell_merchants(subject_id=done.pk)
        told = Notice.objects.get(recipient=chidi)
        assert (told.kind, told.params["count"], told.params["date"]) == ("category_rules_change", 2, "2026-11-20")

    @pytest.mark.row("A1.2")
    def test_asks_for_the_papers_of_the_first_day(self, face, frank, eve, amal, dana):
        whole = {"category": face, "specification": "120 g"}
        bare, held, ending = (goods.enrolled(amal.organisation, **whole) for _ in range(3))
        certificates.verified(amal, dana, held, kind="test_report")
        certificates.verified(amal, dana, ending, kind="test_report", expires_date=LATER - timedelta(days=1))
        paper = {"kind": "test_report", "label_zh": "检验报告", "label_en": "Test report", "required": True}

        version = drafted(face, frank, LATER, certificates=[paper, paper | {"kind": "organic", "required": False}])

        assert {hit.product: [one.field for one in hit.findings] for hit in queries.hits(version, at=NOON)} == {
            bare: ["certificates.test_report"],
            ending: ["certificates.test_report"],
        }

    def test_accepts_no_list_of_an_older_wording(self, face, frank, eve):
        version = drafted(face, frank)
        seen = accepted(version)
        actions.redraft(version_id=version.pk, revision=1, wording=saying(face, badge_days=7), actor=frank, at=NOON)

        with pytest.raises(ListChanged):
            actions.activate(version_id=version.pk, digest=seen, actor=eve, at=NOON)

    def test_is_not_late(self, face, frank, eve):
        version = drafted(face, frank)

        with pytest.raises(EffectiveInThePast):
            activated(version, eve, NOON + timedelta(days=1))


@pytest.mark.row("P2.3")
class TestWhatStands:
    def test_cannot_be_changed_by_anybody(self, face, frank, eve):
        version = activated(drafted(face, frank, LATER), eve)

        with pytest.raises(DatabaseError, match="stands"), transaction.atomic():
            CategoryVersion.objects.filter(pk=version.pk).update(badge_days=1)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            CategoryVersion.objects.filter(pk=version.pk).delete()

    def test_never_overlaps_what_else_stands(self, face):
        with pytest.raises(IntegrityError, match="category_version_once_at_a_time"), transaction.atomic():
            goods.version_of(face, number=2, label="other")

    def test_keeps_what_an_inspection_and_an_enrolment_were_judged_by(self, face, frank, eve, amal, wei, bo, dana):
        goods.catalogue()
        product = goods.enrolled(amal.organisation, category=face)
        inspection = goods.inspection(amal, wei, product=product)
        plan = dict(inspection.plan)

        judged = enrolments.approved(amal, dana, category=face, attributes={})

        activated(drafted(face, frank, aql_major="1.0", inspection_level="III"), eve)

        inspection.refresh_from_db()
        assert inspection.plan == plan
        judged.refresh_from_db()
        under = CategoryVersion.objects.get(category=face, label=judged.snapshot["category_version"])
        assert (under.number, under.inspection_level) == (1, "II")
        assert inspection.plan != goods.inspection(amal, wei, product=product, lot="HJ2").plan


class TestWhatWeShip:
    @pytest.mark.row("A1.2")
    def test_waits_for_an_administrator_where_an_approved_product_fails_it(self, amal, eve):
        enrolments.load_categories()
        snacks = Category.objects.get(code="snacks")
        goods.enrolled(amal.organisation, category=snacks)
        assert actions.load_categories(data=newer(), at=NOON) == 1

        waiting = CategoryVersion.objects.get(category=snacks, label="2027-01")
        assert (waiting.state, waiting.authors) == ("draft", [])
        assert actions.load_categories(data=newer(), at=NOON) == 0
        done = activated(waiting, eve, NOON + timedelta(days=3))
        assert (done.state, done.effective_from) == ("active", TODAY + timedelta(days=3))

    def test_follows_what_stood_before_there_were_versions(self, db):
        top = Category.objects.create(code="old", name_zh="旧", name_en="Old", version="2026-12")
        leaf = Category.objects.create(code="older", name_zh="更旧", name_en="Older", version="2026-12", parent=top, badge_days=12)

        import_module("assurance.migrations.0017_first_category_versions").write_first_versions(apps, None)

        [version] = CategoryVersion.objects.all()
        assert (version.category, version.label, version.content()) == (leaf, "2026-12", leaf.content())

"""What pages ask about the rules of categories, and whom a version would hit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from assurance.accounts.models import User
from assurance.categories.models import CategoryConcern
from assurance.categories.wording import FAILS, FIELDS, in_language, told
from assurance.certificates.demands import INSTEAD
from assurance.certificates.queries import day_of, valid_for
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.products import completeness
from assurance.products.completeness import Finding
from assurance.products.content import differences, digest
from assurance.products.lifecycle import VersionState
from assurance.products.models import Category, CategoryVersion, Product
from assurance.products.queries import demands, given, in_words
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date, datetime

    from assurance.products.content import Content
    from assurance.products.queries import Lack

OWN: Final = "own_work"
ALONE: Final = "no_second_person"


@dataclass(frozen=True)
class Changed:
    """One thing that a version says differently, in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Branch:
    """A group of the tree with what is in it; a category that stands alone has no group above it."""

    group: Category | None
    leaves: list[Category]

    @property
    def rows(self) -> list[tuple[Category, list[str]]]:
        """Return each category with the papers without which nobody passes."""
        return [(one, [in_language(paper) for paper in one.certificates if paper["required"]]) for one in self.leaves]


@dataclass(frozen=True)
class Hit:
    """An approved product that would fail a version, and everything it would fail by."""

    product: Product
    findings: tuple[Finding, ...]
    lacks: tuple[Lack, ...]

    def plain(self) -> list[list[str]]:
        return [[one.field, one.code] for one in self.findings]


def approved(category_id: int) -> list[Product]:
    """Return the category's products whose enrolment is approved, in the order they were entered."""
    ids = Enrolment.objects.filter(state=EnrolmentState.APPROVED, product__category_id=category_id).values("product_id")
    return list(Product.objects.filter(pk__in=ids).select_related("merchant").order_by("pk"))


def hits(version: CategoryVersion, *, at: datetime) -> list[Hit]:
    """Return every approved product that would fail a version on its first day; what would be submitted is judged by the same rule."""
    products = approved(version.category_id)
    day = max(version.effective_from, day_of(at))
    wanted = demands(version, papers_on=day)
    papers = kinds_held([product.pk for product in products], day) if wanted.certificates else {}
    found = []
    for product in products:
        lacking = completeness.findings(given(product, certificates=papers.get(product.pk, frozenset())), wanted)
        if lacking:
            found.append(Hit(product, tuple(lacking), _lacks(lacking, version)))
    return found


def kinds_held(product_ids: Collection[int], day: date) -> dict[int, frozenset[str]]:
    """Return the kinds of certificates that count for each product on a day, with those that others stand in for. Two queries."""
    found = {}
    for number, certificates in valid_for(product_ids, day).items():
        kinds = {str(one.kind) for one in certificates}
        found[number] = frozenset(kinds | {kind for kind, others in INSTEAD.items() if others & kinds})
    return found


def _lacks(lacking: Iterable[Finding], version: CategoryVersion) -> tuple[Lack, ...]:
    return tuple(replace(one, words=str(FAILS.get(one.code, one.words))) for one in in_words(lacking, version))


@dataclass(frozen=True)
class Impact:
    """Everybody whom a version would hit now, with the fingerprint of the list."""

    hits: list[Hit]
    digest: str

    @property
    def count(self) -> int:
        return len(self.hits)


def impact(version: CategoryVersion, *, at: datetime) -> Impact:
    found = hits(version, at=at)
    return Impact(found, fingerprint(version, found))


def fingerprint(version: CategoryVersion, found: Sequence[Hit]) -> str:
    """Return the SHA-256 of a list as it was shown: of which draft, which products, by which findings."""
    return digest([version.pk, version.revision, [[hit.product.pk, hit.plain()] for hit in found]])


def hold_still(category_id: int) -> None:
    """Let no enrolment of the category be decided until the transaction ends: products are locked in the order of every step."""
    about = Enrolment.objects.filter(state__in=[EnrolmentState.SUBMITTED, EnrolmentState.APPROVED], product__category_id=category_id)
    list(Product.objects.select_for_update(of=("self",)).filter(pk__in=about.values("product_id")).order_by("pk").values_list("pk"))


def why_not(version: CategoryVersion, person: User) -> str:
    """Return why this person may not activate a draft, or nothing."""
    if person.pk not in version.authors:
        return ""
    others = User.objects.filter(role=Role.PLATFORM_ADMIN, is_active=True).exclude(pk__in=version.authors)
    return OWN if others.exists() else ALONE


def tree() -> list[Branch]:
    """Return all categories in the order of the catalogue; what stands alone comes last. Two queries."""
    tops = Category.objects.filter(parent=None).order_by("position", "id").prefetch_related("children")
    branches, alone = [], []
    for top in tops:
        leaves = sorted(top.children.all(), key=lambda child: (child.position, child.pk))
        if leaves:
            branches.append(Branch(top, leaves))
        else:
            alone.append(top)
    return branches + ([Branch(None, alone)] if alone else [])


def history(category: Category, user: User) -> list[CategoryVersion]:
    """Return a category's versions as far as the user may see them, the newest first."""
    return list(CategoryVersion.objects.visible_to(user).filter(category=category).select_related("activated_by").order_by("-number"))


def before(version: CategoryVersion) -> CategoryVersion | None:
    """Return what a version follows: of a draft, the last that is activated; else the one that ended when it began."""
    active = CategoryVersion.objects.filter(category_id=version.category_id, state=VersionState.ACTIVE).exclude(pk=version.pk)
    if version.state == VersionState.ACTIVE:
        active = active.filter(effective_from__lt=version.effective_from)
    return active.order_by("-effective_from").first()


def changes(old: Content, new: Content) -> list[Changed]:
    """Return what differs between two contents, in words."""
    return [Changed(str(FIELDS[one.field]), told(one.field, one.before), told(one.field, one.after)) for one in differences(old, new)]


def coming(category: Category, day: date) -> CategoryVersion | None:
    """Return the version that will be in force later, if one is activated already."""
    later = CategoryVersion.objects.filter(category=category, state=VersionState.ACTIVE, effective_from__gt=day)
    return later.order_by("effective_from").first()


def authors_of(version: CategoryVersion) -> list[User]:
    return list(User.objects.filter(pk__in=version.authors).order_by("pk"))


def concerns(version: CategoryVersion) -> list[Hit]:
    """Return whom a version hit when it was activated, as it was accepted then."""
    rows = CategoryConcern.objects.filter(version=version).select_related("product__merchant").order_by("product_id")
    found = [(row.product, tuple(Finding(field, code) for field, code in row.findings)) for row in rows]
    return [Hit(product, lacking, _lacks(lacking, version)) for product, lacking in found]

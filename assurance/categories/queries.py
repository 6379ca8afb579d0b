"""What pages ask about the rules of categories, and whom a version would hit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from assurance.accounts.models import User
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.products import completeness
from assurance.products.content import digest
from assurance.products.models import CategoryVersion, Product
from assurance.products.queries import demands, given, in_words
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.products.completeness import Finding
    from assurance.products.queries import Lack

OWN: Final = "own_work"
ALONE: Final = "no_second_person"


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


def hits(version: CategoryVersion, *, at: datetime) -> list[Hit]:  # noqa: ARG001
    """Return every approved product that would fail a version; what would be submitted is judged by the same rule."""
    products = approved(version.category_id)
    wanted = demands(version)
    found = []
    for product in products:
        lacking = completeness.findings(given(product), wanted)
        if lacking:
            found.append(Hit(product, tuple(lacking), tuple(in_words(lacking, version))))
    return found


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

"""Every edge of a category's version, and who takes it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from assurance.accounts.models import User
from assurance.categories import actions, queries
from assurance.categories.actions import Wording
from assurance.products.models import CategoryVersion
from assurance.roles import Role
from tests import factories, goods
from tests.experiments.races import Edge
from tests.factories import NOON

if TYPE_CHECKING:
    from tests.experiments.edges import Cast

MACHINE = "assurance.categoryversion.state"


def category_edges(cast: Cast) -> list[Edge]:
    author = factories.user(Role.PLATFORM_ADMIN, cast.eve.organisation)

    def drafted() -> Any:
        category = goods.category(f"edge-{next(factories._number)}", risk_reason_zh="无", risk_reason_en="None")
        wording = Wording(category.content() | {"badge_days": 45}, date(2026, 12, 1))
        return actions.draft(category_id=category.pk, wording=wording, actor=author, at=NOON)

    def eve() -> User:
        return User.objects.select_related("organisation").get(pk=cast.eve.pk)

    def activate(pk: int) -> object:
        digest = queries.fingerprint(CategoryVersion.objects.get(pk=pk), [])
        return actions.activate(version_id=pk, digest=digest, actor=eve(), at=NOON)

    def discard(pk: int) -> object:
        return actions.discard(version_id=pk, actor=eve(), at=NOON)

    return [Edge(MACHINE, "draft", "active", drafted, activate), Edge(MACHINE, "draft", "discarded", drafted, discard)]

"""The API of what categories demand: versions to read, drafts to write, and to activate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from rest_framework.decorators import action

from assurance.calendar import SHANGHAI
from assurance.categories import actions, queries
from assurance.categories.actions import Wording
from assurance.categories.api import serializers as out
from assurance.products.content import FIELDS
from assurance.products.models import VERSION_STATES, Category, CategoryVersion
from assurance.products.queries import rules_of
from assurance.web.api import ReadingDoor
from assurance.web.filters import OneOfFilter, StrictFilterSet, VisibleFilter

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet
    from rest_framework.response import Response

    from assurance.accounts.types import SignedInRequest
    from assurance.products.content import Content


class VersionFilters(StrictFilterSet):
    category = VisibleFilter(model=Category, by="code")
    state = OneOfFilter(choices=VERSION_STATES)


class CategoryVersionViews(ReadingDoor):
    """What categories demand and demanded, the newest versions first; drafts only for those who keep the rules."""

    queryset = CategoryVersion.objects.none()
    serializer_class = out.VersionOut
    filterset_class = VersionFilters
    orderings: ClassVar = {"id": "id", "effective_from": "effective_from"}
    inputs: ClassVar = {"create": out.VersionIn, "partial_update": out.VersionChange, "activate": out.ActivationIn}
    outputs: ClassVar = {"impact": out.ImpactOut}

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().select_related("category")

    def create(self, request: SignedInRequest) -> Response:
        """Begin a draft of a category. It has no effect."""
        given, now = self.accepted(), timezone.now()
        category = given.pop("category")
        if category.children.exists():
            raise actions.CategoryIsGroup(field="category")
        base = rules_of(category, timezone.localdate(now, SHANGHAI))
        wording = _wording(base.content(), given, given["effective_from"], "")
        return self.created(actions.draft(category_id=category.pk, wording=wording, actor=request.user, at=now))

    def partial_update(self, request: SignedInRequest, pk: str) -> Response:
        """Change a draft, if nobody changed it since you read it."""
        given, found = self.accepted(), self.get_object()
        wording = _wording(found.content(), given, found.effective_from, found.note)
        revision = given["revision"]
        return self.shown(actions.redraft(version_id=found.pk, revision=revision, wording=wording, actor=request.user, at=timezone.now()))

    @action(detail=True, methods=["get"])
    def impact(self, request: SignedInRequest, pk: str) -> Response:
        """Say which approved products would fail the version, and by what; ``digest`` is what ``activate`` wants to be told."""
        return self.shown(queries.impact(self.get_object(), at=timezone.now()))

    @action(detail=True, methods=["post"])
    def activate(self, request: SignedInRequest, pk: str) -> Response:
        """Activate a draft that somebody else wrote, accepting exactly the list of ``impact``."""
        digest = self.accepted()["digest"]
        return self.shown(actions.activate(version_id=self.get_object().pk, digest=digest, actor=request.user, at=timezone.now()))

    @action(detail=True, methods=["post"])
    def discard(self, request: SignedInRequest, pk: str) -> Response:
        """Give a draft up."""
        return self.shown(actions.discard(version_id=self.get_object().pk, actor=request.user, at=timezone.now()))


def _wording(base: Content, given: Mapping[str, Any], begins: date, note: str) -> Wording:
    content = {name: given.get(name, base[name]) for name in FIELDS}
    return Wording(content, given.get("effective_from", begins), given.get("note", note))

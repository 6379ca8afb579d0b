"""What an administrator finds on his home page: drafts that wait for him."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext

from assurance.home import Step, offers_steps
from assurance.products.lifecycle import VersionState
from assurance.products.models import CategoryVersion
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN: Final = 4


@offers_steps
def drafts(user: User, *, at: datetime) -> Iterator[Step]:  # noqa: ARG001  every offer is asked at a moment
    """Offer the drafts that this administrator may activate, the one that begins first on top. One query."""
    if user.role != Role.PLATFORM_ADMIN:
        return
    waiting = CategoryVersion.objects.filter(state=VersionState.DRAFT).exclude(authors__contains=[user.pk])
    for version in waiting.select_related("category").order_by("effective_from", "id")[:SHOWN]:
        title = gettext("%(category)s: version %(label)s waits to be activated") % {
            "category": version.category.name,
            "label": version.label,
        }
        detail = gettext("Read which approved products would fail it. It begins on %(day)s.") % {"day": version.effective_from.isoformat()}
        yield Step(title, detail, reverse("categories:version", args=[version.pk]), gettext("Look"), "hold", "list-details")

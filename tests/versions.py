"""Versions of categories made through the actions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from assurance.accounts.models import User
from assurance.calendar import SHANGHAI
from assurance.categories import actions
from assurance.categories.actions import Wording
from assurance.products.lifecycle import VersionState
from assurance.products.models import CategoryVersion
from assurance.roles import Kind, Role
from tests import factories

if TYPE_CHECKING:
    from assurance.products.models import Category


def writer() -> User:
    """Return an administrator who acts in no test: what he writes, others may activate."""
    found = User.objects.filter(role=Role.PLATFORM_ADMIN, email="writer@rules.example").first()
    return found or factories.user(Role.PLATFORM_ADMIN, factories.organisation(Kind.PLATFORM), email="writer@rules.example")


def wording(category: Category, *, days: int = 1, **changed: Any) -> Wording:
    """Return what the category says today with something changed, from so many days from today."""
    begins = timezone.localdate(timezone.now(), SHANGHAI) + timedelta(days=days)
    return Wording(category.content() | changed, begins, "")


def draft(category: Category, *, days: int = 1, actor: User | None = None, **changed: Any) -> CategoryVersion:
    """Return the draft of a category, made now if there is none."""
    standing = CategoryVersion.objects.filter(category=category, state=VersionState.DRAFT).first()
    said = wording(category, days=days, **changed)
    return standing or actions.draft(category_id=category.pk, wording=said, actor=actor or writer(), at=timezone.now())

"""Laboratories and merchants by name, for those who choose among them, and what laboratories may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assurance.accounts.models import Organisation
from assurance.roles import Kind
from qc.labs.models import LabScope, LabTest, LabTie

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from assurance.accounts.models import User


def labs() -> list[Organisation]:
    """Return all laboratories."""
    return list(Organisation.objects.filter(kind=Kind.LAB).order_by("name", "id"))


def lab_called(code: str) -> int | None:
    """Return the laboratory with this code, or nothing."""
    return Organisation.objects.filter(kind=Kind.LAB, code=code).values_list("pk", flat=True).first()


def merchants() -> list[Organisation]:
    """Return all merchants."""
    return list(Organisation.objects.filter(kind=Kind.MERCHANT).order_by("name", "id"))


def merchant_called(code: str) -> int | None:
    """Return the merchant with this code, or nothing."""
    return Organisation.objects.filter(kind=Kind.MERCHANT, code=code).values_list("pk", flat=True).first()


def scopes_of(user: User) -> QuerySet[LabScope]:
    """Return the lines of accreditation a user sees, by laboratory and test."""
    return LabScope.objects.visible_to(user).select_related("lab").order_by("lab__name", "test", "-valid_from", "id")


def ties_of(user: User) -> QuerySet[LabTie]:
    """Return who is close to whom, as far as the user may know."""
    return LabTie.objects.visible_to(user).select_related("lab", "merchant").order_by("-id")


def test_names() -> dict[str, LabTest]:
    """Return the newest row of every test by its code."""
    return {row.code: row for row in LabTest.objects.order_by("effective_from", "id")}

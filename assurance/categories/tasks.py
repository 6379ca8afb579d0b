"""Categories come with the installation, and their versions begin by the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from assurance.accounts.models import User
from assurance.categories import actions
from assurance.categories.models import CategoryConcern
from assurance.events.registry import every, job
from assurance.notices.actions import notify
from assurance.products.models import CategoryVersion
from assurance.reference import newest, reference

if TYPE_CHECKING:
    from datetime import datetime


@reference("categories")
def load_categories(at: datetime) -> int:
    """Load the newest version of the categories."""
    return actions.load_categories(data=newest("categories"), at=at)


@every(300)
def put_in_force(**_from_newer_writers: object) -> None:
    """Let versions begin whose first day has come."""
    actions.put_in_force(at=timezone.now())


@job("categories.version.activated", queue="notices")
def tell_merchants(*, subject_id: int, **_from_newer_writers: object) -> None:
    """Tell every merchant whose approved products fail the new version how many they are."""
    version = CategoryVersion.objects.select_related("category").get(pk=subject_id)
    counts: dict[int, int] = {}
    for merchant_id in CategoryConcern.objects.filter(version=version).order_by("id").values_list("merchant_id", flat=True):
        counts[merchant_id] = counts.get(merchant_id, 0) + 1
    people: dict[int, list[User]] = {}
    for person in User.objects.filter(organisation_id__in=counts, is_active=True).order_by("pk"):
        people.setdefault(person.organisation_id, []).append(person)
    for merchant_id, count in counts.items():
        notify(
            "category_rules_change",
            recipients=people.get(merchant_id, []),
            key=str(version.pk),
            at=timezone.now(),
            link=reverse("categories:show", args=[version.category.code]),
            category=version.category.name_zh,
            category_en=version.category.name_en,
            date=version.effective_from.isoformat(),
            count=count,
        )

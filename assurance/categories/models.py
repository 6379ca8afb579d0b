"""Whom a new version of a category's rules concerned when it was activated."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

from assurance.accounts.models import Organisation
from assurance.products.models import CategoryVersion, Product

if TYPE_CHECKING:
    from assurance.accounts.models import User


class ConcernQuerySet(models.QuerySet["CategoryConcern"]):
    def visible_to(self, user: User) -> ConcernQuerySet:
        """Return those about the merchant's own products; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class CategoryConcern(models.Model):
    """An approved product that the administrator knew would fail the version he activated (A1.2), and why. Append-only."""

    version = models.ForeignKey(CategoryVersion, models.PROTECT, related_name="concerns")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    findings = models.JSONField()
    accepted_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CategoryConcern]] = ConcernQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["version", "product"], name="category_concern_once"),)
        indexes = (models.Index(fields=["merchant", "-id"], name="category_concern_of_merchant"),)

    def __str__(self) -> str:
        return f"{self.version_id} {self.product_id}"

"""The badge of one product's lot: issued once, judged anew at every look."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.enrollment.models import Enrolment
from assurance.gates.models import Clearance
from assurance.products.models import Product
from assurance.roles import SEES_ALL


class BadgeQuerySet(models.QuerySet["Badge"]):
    def visible_to(self, user: User) -> BadgeQuerySet:
        """Return the merchant's own badges; the platform sees all. The public page finds a badge by its code instead."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(merchant_id=user.organisation_id)


class Badge(models.Model):
    """What was checked for one lot. Whether it is valid is never stored: ``badges.validity`` says it at read time."""

    code = models.CharField(_("badge code"), max_length=24, unique=True)
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField(unique=True)
    lot_number = models.CharField(max_length=40)
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    produced_date = models.DateField(null=True, blank=True)
    expiry_date = models.DateField(null=True, blank=True)
    received = models.PositiveIntegerField()
    inspected = models.PositiveIntegerField()
    defective = models.PositiveIntegerField()
    inspected_at = models.DateTimeField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[Badge]] = BadgeQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(valid_until__gt=models.F("issued_at")), name="badge_ends_later"),
            models.CheckConstraint(condition=models.Q(defective__lte=models.F("inspected")), name="badge_defective_within_inspected"),
        )

    def __str__(self) -> str:
        return self.code

"""What can be tested against which limit, and which laboratory is accredited for it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.roles import SEES_ALL, Kind, Role

OVERSEERS = (Role.PLATFORM_ADMIN, Role.AUDITOR)
MARKS = [("CMA", "CMA"), ("CNAS", "CNAS"), ("CMA+CNAS", "CMA + CNAS")]


class LabTestQuerySet(models.QuerySet["LabTest"]):
    def visible_to(self, user: User) -> LabTestQuerySet:
        """Return all: limits are published standards."""
        return self if user.is_authenticated else self.none()


class LabTest(models.Model):
    """One parameter of one kind of goods with its limit, in force from a day on until the next row of the same code.

    ``limit`` is the notation of the standard, read by ``limits.parse_limit``. ``units`` is how many units of the goods the test needs,
    ``verifications`` how many people must confirm a result. ``category`` is the code of the category it belongs to, with everything below.
    ``reporting`` is the unit in which laboratories report. A change is a new row with a later day; rows never change.
    """

    version = models.CharField(max_length=16)
    code = models.CharField(max_length=32)
    category = models.CharField(max_length=32)
    effective_from = models.DateField()
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    limit = models.CharField(max_length=60)
    reporting = models.CharField(max_length=16, blank=True)
    standard = models.CharField(max_length=40)
    method = models.CharField(max_length=40)
    is_safety = models.BooleanField()
    is_repeatable = models.BooleanField()
    units = models.PositiveSmallIntegerField()
    verifications = models.PositiveSmallIntegerField(default=1)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[LabTest]] = LabTestQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            # of one code, one row is in force on any day: the one with the latest beginning
            models.UniqueConstraint(fields=["code", "effective_from"], name="lab_test_once_per_day"),
            models.CheckConstraint(condition=Q(units__gt=0, verifications__gt=0), name="lab_test_needs_something"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language that is active now."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class LabScopeQuerySet(models.QuerySet["LabScope"]):
    def visible_to(self, user: User) -> LabScopeQuerySet:
        """Return a laboratory's own scopes; the warehouses that choose, and the platform, see all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL or user.organisation_kind == Kind.WAREHOUSE:
            return self
        return self.filter(lab_id=user.organisation_id)


class LabScope(models.Model):
    """What a laboratory may test: one test by code, under one accreditation, for one price.

    ``valid_until`` is the last day; it is brought forward when the accreditation is withdrawn. ``turnaround_days`` are working days.
    """

    lab = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    test = models.CharField(_("test"), max_length=32)
    mark = models.CharField(_("mark"), max_length=8, choices=MARKS)
    accreditation = models.CharField(_("accreditation number"), max_length=40)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    turnaround_days = models.PositiveSmallIntegerField(_("working days"))
    capacity_per_week = models.PositiveSmallIntegerField(_("samples a week"))
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[LabScope]] = LabScopeQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["lab", "test", "valid_from"], name="lab_scope_once_per_beginning"),
            models.CheckConstraint(condition=Q(valid_until__gte=models.F("valid_from")), name="lab_scope_ends_later"),
            models.CheckConstraint(condition=Q(price__gte=0), name="lab_scope_price_is_not_negative"),
            models.CheckConstraint(condition=Q(turnaround_days__gt=0, capacity_per_week__gt=0), name="lab_scope_can_work"),
            models.CheckConstraint(condition=Q(mark__in=["CMA", "CNAS", "CMA+CNAS"]), name="lab_scope_mark_is_known"),
            models.CheckConstraint(condition=~Q(accreditation=""), name="lab_scope_has_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.accreditation}: {self.test}"


class LabTieQuerySet(models.QuerySet["LabTie"]):
    def visible_to(self, user: User) -> LabTieQuerySet:
        """Return the ties to the platform; who chooses a laboratory is told the reason where it counts, others learn nothing."""
        return self if user.is_authenticated and user.role in SEES_ALL else self.none()


class LabTie(models.Model):
    """A laboratory and a merchant are close to each other, so it never tests his goods. Declared once, never taken back."""

    lab = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    because = models.CharField(_("reason"), max_length=200)
    declared_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()

    objects: ClassVar[models.Manager[LabTie]] = LabTieQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["lab", "merchant"], name="lab_tie_once"),
            models.CheckConstraint(condition=~Q(because=""), name="lab_tie_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.lab_id} – {self.merchant_id}"

"""What was checked on a lot, unit by unit, and what follows from it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from assurance.roles import Kind
from qc.inspections.lifecycle import UNDECIDED, InspectionState
from warehouse.stock.models import Lot

STAGES = [("inbound", _("Inbound"))]
CLASSES = [("critical", _("Critical")), ("major", _("Major")), ("minor", _("Minor"))]


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> InspectionQuerySet:
        """Return the warehouse's inspections, the merchant's own, or all for the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        if user.organisation_kind == Kind.WAREHOUSE:
            return self.filter(warehouse_id=user.organisation_id)
        if user.organisation_kind == Kind.MERCHANT:
            return self.filter(merchant_id=user.organisation_id)
        return self.none()

    def undecided(self) -> InspectionQuerySet:
        return self.filter(state__in=UNDECIDED)


class Inspection(models.Model):
    """One inspection of one tranche of a lot by a GB/T 2828.1 plan; its verdict is computed, never typed."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="inspections")
    stage = models.CharField(max_length=8, choices=STAGES, default="inbound")
    tranche = models.PositiveSmallIntegerField(default=1)
    lot_size = models.PositiveIntegerField()
    plan = models.JSONField()
    state = models.CharField(
        _("state"),
        max_length=10,
        default=InspectionState.OPEN,
        choices=[
            (InspectionState.OPEN, _("Waiting for an inspector")),
            (InspectionState.CLAIMED, _("Being inspected")),
            (InspectionState.ACCEPTED, _("Accepted")),
            (InspectionState.REJECTED, _("Not accepted")),
        ],
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    inspector = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=12, default="floor")

    objects: ClassVar[models.Manager[Inspection]] = InspectionQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=list(InspectionState)), name="inspection_state_is_known"
            ),
            models.UniqueConstraint(
                fields=["lot", "stage", "tranche"],
                condition=models.Q(state__in=sorted(UNDECIDED)),
                name="inspection_one_open_per_tranche",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(UNDECIDED), decided_at=None)
                | models.Q(state__in=["accepted", "rejected"], decided_at__isnull=False, inspector__isnull=False),
                name="inspection_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=InspectionState.CLAIMED) | models.Q(inspector__isnull=False),
                name="inspection_claimed_by_somebody",
            ),
        )
        indexes = (
            models.Index(
                fields=["warehouse", "due_at", "id"],
                condition=models.Q(state__in=["open", "claimed"]),
                name="inspection_queue",
            ),
            models.Index(fields=["merchant", "-id"], name="inspection_of_merchant"),
        )

    def __str__(self) -> str:
        return f"QC-{self.pk:06}" if self.pk else "QC-"


class DefectKind(models.Model):
    """A defect by code and class (domain: 重大 / 严重 / 轻微瑕疵)."""

    code = models.CharField(max_length=24, unique=True)
    defect_class = models.CharField(max_length=8, choices=CLASSES)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(defect_class__in=["critical", "major", "minor"]), name="defect_class_is_known"
            ),
        )

    def __str__(self) -> str:
        return self.code


class InspectedUnit(models.Model):
    """One unit of the sample as it was found: without a defect, or with defects by code."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="units")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("unit"))
    is_conforming = models.BooleanField()
    defects = ArrayField(models.CharField(max_length=24), default=list)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["inspection", "number"], name="unit_once_per_inspection"),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="unit_number_is_positive"),
            models.CheckConstraint(
                condition=models.Q(is_conforming=True, defects=[])
                | (models.Q(is_conforming=False) & ~models.Q(defects=[])),
                name="unit_fails_by_a_defect",
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection_id}/{self.number}"

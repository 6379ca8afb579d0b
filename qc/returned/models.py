"""What was found on a unit that came back, beside what was found before it left, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.gates.models import Clearance
from qc.checks.models import Explained, OutboundCheck
from qc.returned.responsibility import Party
from warehouse.returns.grades import Disposition
from warehouse.returns.models import GRADE_CHOICES, ReturnUnit
from warehouse.stock.models import of_own_side

PARTIES = [
    (Party.MERCHANT, _("Merchant")),
    (Party.WAREHOUSE, _("Warehouse")),
    (Party.COURIER, _("Courier")),
    (Party.CONSUMER, _("Consumer")),
    (Party.NONE, _("Nobody")),
]
DISPOSITIONS = [
    (Disposition.RESTOCK, _("Back on the shelf")),
    (Disposition.HOLD, _("Put aside")),
    (Disposition.RETURN, _("Send back to the merchant")),
    (Disposition.DESTROY, _("Destroy")),
]


class ReturnInspectionQuerySet(models.QuerySet["ReturnInspection"]):
    def visible_to(self, user: User) -> ReturnInspectionQuerySet:
        """Return the inspections of the merchant's returns, those of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)


class ReturnInspection(Explained):
    """The check of one returned unit beside the one before sending; grade and suggestion are computed. Never changed."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.OneToOneField(ReturnUnit, models.PROTECT, related_name="+")
    outbound = models.ForeignKey(OutboundCheck, models.PROTECT, null=True, blank=True, related_name="+")
    checklists = ArrayField(models.BigIntegerField())
    answers = models.JSONField()
    note = models.CharField(_("note"), max_length=200, blank=True)
    grade = models.CharField(_("grade"), max_length=1, choices=GRADE_CHOICES)
    party = models.CharField(_("suggested responsibility"), max_length=10, choices=PARTIES)
    party_reasons = models.JSONField(default=list)
    inspector = models.ForeignKey(User, models.PROTECT, related_name="+")
    inspected_at = models.DateTimeField()
    evidence_entry_id = models.BigIntegerField()

    objects: ClassVar[models.Manager[ReturnInspection]] = ReturnInspectionQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=models.Q(grade__in=["a", "b", "c", "d"]), name="return_grade_is_known"),
            models.CheckConstraint(condition=models.Q(party__in=list(Party)), name="return_party_is_known"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="return_inspection_with_both_sides"),
        )
        indexes = (models.Index(fields=["merchant", "-id"], name="return_inspection_of_merchant"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("TQ", self.pk or 0)


class InspectionPhotoQuerySet(models.QuerySet["InspectionPhoto"]):
    def visible_to(self, user: User) -> InspectionPhotoQuerySet:
        """Return the photographs of the inspections the user sees."""
        return of_own_side(self, user)


class InspectionPhoto(models.Model):
    """A photograph of one point of a returned unit."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    inspection = models.ForeignKey(ReturnInspection, models.PROTECT, related_name="photos")
    checkpoint = models.CharField(max_length=32)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[InspectionPhoto]] = InspectionPhotoQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (models.UniqueConstraint(fields=["inspection", "checkpoint", "file"], name="inspection_photo_once"),)

    def __str__(self) -> str:
        return f"{self.checkpoint}: {self.file_id}"


class ReturnDispositionQuerySet(models.QuerySet["ReturnDisposition"]):
    def visible_to(self, user: User) -> ReturnDispositionQuerySet:
        """Return what was decided on the merchant's returns, in the user's warehouse, or everywhere for the platform."""
        return of_own_side(self, user)


class ReturnDisposition(models.Model):
    """What was decided on a returned unit; the stock move commits with it or not at all (P5.2). Never changed.

    A unit that was put aside is decided once more. Destroying needs a second person who saw it. ``clearance`` is the verdict of the
    lot's stage ``return`` that lets the unit go back on a shelf.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    unit = models.ForeignKey(ReturnUnit, models.PROTECT, related_name="+")
    inspection = models.ForeignKey(ReturnInspection, models.PROTECT, related_name="dispositions")
    disposition = models.CharField(_("what becomes of it"), max_length=20, choices=DISPOSITIONS)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    witness = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField()
    clearance = models.OneToOneField(Clearance, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[ReturnDisposition]] = ReturnDispositionQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=models.Q(disposition__in=list(Disposition)), name="disposition_is_known"),
            models.UniqueConstraint(fields=["unit"], condition=~models.Q(disposition=Disposition.HOLD), name="disposition_once_per_unit"),
            models.UniqueConstraint(fields=["unit"], condition=models.Q(disposition=Disposition.HOLD), name="disposition_put_aside_once"),
            models.CheckConstraint(
                condition=~models.Q(disposition=Disposition.DESTROY)
                | (models.Q(witness__isnull=False) & ~models.Q(witness=models.F("decided_by")) & ~models.Q(reason="")),
                name="disposition_destroyed_before_a_witness",
            ),
            models.CheckConstraint(
                condition=models.Q(disposition=Disposition.RESTOCK, clearance__isnull=False)
                | (~models.Q(disposition=Disposition.RESTOCK) & models.Q(clearance=None)),
                name="disposition_restocked_with_clearance",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.disposition}"

"""What an inspector answered of a lot as a whole, point by point, and the photographs he took."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.files.models import StoredFile
from qc.inspections.models.inspections import InspectedUnit, Inspection
from warehouse.stock.models import of_own_side


class PointsAnsweredQuerySet(models.QuerySet["PointsAnswered"]):
    def visible_to(self, user: User) -> PointsAnsweredQuerySet:
        """Return the answers of the inspections the user sees."""
        return of_own_side(self, user)


class PointsAnswered(models.Model):
    """An answer to every point of an inspection's checklist. Never changed: a slip is answered again before the verdict, the last counts.

    ``failing`` are the points that are not in order: code, class, and the sentence that says why with its params.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="answered")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField()
    answers = models.JSONField()
    failing = models.JSONField(default=list)
    note = models.CharField(_("note"), max_length=200, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[PointsAnswered]] = PointsAnsweredQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (models.UniqueConstraint(fields=["inspection", "attempt"], name="points_answered_once_per_attempt"),)

    def __str__(self) -> str:
        return f"{self.inspection_id}/{self.attempt}"


class BenchPhotoQuerySet(models.QuerySet["BenchPhoto"]):
    def visible_to(self, user: User) -> BenchPhotoQuerySet:
        """Return the photographs of the inspections the user sees."""
        return of_own_side(self, user)


class BenchPhoto(models.Model):
    """A photograph of one point of the checklist, or of one unit with a defect; ``fingerprint`` knows it again (``suspicion``)."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="photos")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    checkpoint = models.CharField(max_length=32, blank=True)
    unit = models.ForeignKey(InspectedUnit, models.PROTECT, null=True, blank=True, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    fingerprint = models.BigIntegerField(null=True, blank=True)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    objects: ClassVar[models.Manager[BenchPhoto]] = BenchPhotoQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["inspection", "checkpoint", "unit", "file"], nulls_distinct=False, name="bench_photo_once"),
            models.CheckConstraint(
                condition=(models.Q(unit=None) & ~models.Q(checkpoint="")) | models.Q(unit__isnull=False, checkpoint=""),
                name="bench_photo_shows_one_thing",
            ),
        )
        indexes = (models.Index(fields=["warehouse", "-id"], name="bench_photo_of_warehouse"),)

    def __str__(self) -> str:
        return f"{self.checkpoint or self.unit_id}: {self.file_id}"

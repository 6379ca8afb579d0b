"""What a warehouse writes down beside its parcels: rounds of picking, weights that stop, pictures of packing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.roles import Kind
from warehouse.orders.lifecycle import WaveState, WeightState
from warehouse.stock.models import of_own_side

if TYPE_CHECKING:
    from datetime import date

WAVE_STATES = [
    (WaveState.PLANNED, _("Planned")),
    (WaveState.PICKING, _("Being picked")),
    (WaveState.FINISHED, _("Finished")),
    (WaveState.CANCELLED, _("Cancelled")),
]
WEIGHT_STATES = [
    (WeightState.OPEN, _("Stopped")),
    (WeightState.ACCEPTED, _("Accepted with a reason")),
    (WeightState.REPACKED, _("Parcel opened again")),
]


class WaveQuerySet(models.QuerySet["Wave"]):
    def visible_to(self, user: User) -> WaveQuerySet:
        """Return the waves of the user's warehouse, or all to the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        return self.filter(warehouse_id=user.organisation_id) if user.organisation_kind == Kind.WAREHOUSE else self.none()

    def under_way(self) -> WaveQuerySet:
        return self.filter(state__in=[WaveState.PLANNED, WaveState.PICKING])


class Wave(models.Model):
    """Chosen parcels of one warehouse that are fetched in one round."""

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, default=WaveState.PLANNED, choices=WAVE_STATES)
    planned_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("planned by"), related_name="+")
    planned_at = models.DateTimeField(_("planned"))
    picker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[models.Manager[Wave]] = WaveQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(WaveState)), name="wave_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=["planned", "cancelled"], started_at=None)
                | models.Q(state__in=["picking", "finished"], started_at__isnull=False, picker__isnull=False),
                name="wave_picked_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(state="finished", finished_at__isnull=False)
                | (~models.Q(state="finished") & models.Q(finished_at=None)),
                name="wave_finished_has_a_time",
            ),
            models.UniqueConstraint(fields=["id", "warehouse"], name="wave_with_warehouse"),
        )
        indexes = (models.Index(fields=["warehouse", "-id"], name="wave_of_warehouse"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("BC", self.pk or 0)


class WeightDeviationQuerySet(models.QuerySet["WeightDeviation"]):
    def visible_to(self, user: User) -> WeightDeviationQuerySet:
        """Return those of the merchant's own parcels, of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)

    def open(self) -> WeightDeviationQuerySet:
        return self.filter(state=WeightState.OPEN)


class WeightDeviation(models.Model):
    """A parcel that weighs what it should not. While it is open the parcel is neither checked nor handed over (a trigger says so).

    Grams. ``rule`` is the version of the tolerance it was judged by. Whoever packed the parcel does not accept its weight.
    """

    parcel = models.ForeignKey("warehouse.Parcel", models.PROTECT, related_name="weight_deviations")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, default=WeightState.OPEN, choices=WEIGHT_STATES)
    expected_g = models.PositiveIntegerField(_("expected weight"))
    lowest_g = models.PositiveIntegerField(_("lightest allowed"))
    highest_g = models.PositiveIntegerField(_("heaviest allowed"))
    measured_g = models.PositiveIntegerField(_("measured weight"))
    rule = models.CharField(_("rule"), max_length=16)
    packer = models.ForeignKey(User, models.PROTECT, verbose_name=_("packed by"), related_name="+")
    weighed_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("weighed by"), related_name="+")
    weighed_at = models.DateTimeField(_("weighed"))
    resolved_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("resolved by"), null=True, blank=True, related_name="+")
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[WeightDeviation]] = WeightDeviationQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(WeightState)), name="weight_state_is_known"),
            models.UniqueConstraint(fields=["parcel"], condition=models.Q(state="open"), name="weight_open_once_per_parcel"),
            models.CheckConstraint(
                condition=models.Q(measured_g__lt=models.F("lowest_g")) | models.Q(measured_g__gt=models.F("highest_g")),
                name="weight_is_outside",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", resolved_at=None)
                | (~models.Q(state="open") & models.Q(resolved_at__isnull=False) & ~models.Q(reason="")),
                name="weight_resolved_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="accepted") | (models.Q(resolved_by__isnull=False) & ~models.Q(resolved_by=models.F("packer"))),
                name="weight_accepted_by_another",
            ),
        )
        indexes = (models.Index(fields=["warehouse", "-id"], name="weight_of_warehouse"),)

    def __str__(self) -> str:
        return f"{self.parcel_id}: {self.measured_g} g"


class PackingRecordQuerySet(models.QuerySet["PackingRecord"]):
    def visible_to(self, user: User) -> PackingRecordQuerySet:
        """Return those of the merchant's own parcels, of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)


class PackingRecord(models.Model):
    """A photograph of a parcel being packed, or where its film lies. Kept until the day no dispute may come any more.

    ``kept_until_date`` grows when the parcel leaves; a trigger refuses to delete before it.
    """

    parcel = models.ForeignKey("warehouse.Parcel", models.PROTECT, related_name="packing_records")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, models.PROTECT, verbose_name=_("file"), null=True, blank=True, related_name="+")
    video_reference = models.CharField(_("video reference"), max_length=200, blank=True)
    kept_until_date = models.DateField(_("kept until"))
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("recorded by"), related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))

    objects: ClassVar[models.Manager[PackingRecord]] = PackingRecordQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(file__isnull=False, video_reference="") | (models.Q(file=None) & ~models.Q(video_reference="")),
                name="packing_record_is_one_thing",
            ),
            models.UniqueConstraint(fields=["parcel", "file", "video_reference"], nulls_distinct=False, name="packing_record_once"),
        )
        indexes = (models.Index(fields=["kept_until_date", "id"], name="packing_record_by_end"),)

    def __str__(self) -> str:
        return self.video_reference or str(self.file_id)

    def may_go(self, today: date) -> bool:
        return self.kept_until_date < today

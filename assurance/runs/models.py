"""Long work with progress."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.files.models import StoredFile
from assurance.runs.lifecycle import OPEN, RunState


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> RunQuerySet:
        """Return the runs of the user's organisation; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(organisation_id=user.organisation_id)


class Run(models.Model):
    """One import or export: how far it is, what went wrong, what came out."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=48)
    state = models.CharField(
        _("state"),
        max_length=12,
        default=RunState.WAITING,
        choices=[
            (RunState.WAITING, _("Waiting")),
            (RunState.RUNNING, _("Running")),
            (RunState.DONE, _("Done")),
            (RunState.FAILED, _("Failed")),
            (RunState.CANCELLED, _("Cancelled")),
        ],
    )
    total = models.PositiveIntegerField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    given = models.JSONField(default=dict)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    failure = models.CharField(max_length=200, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Run]] = RunQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(RunState)), name="run_state_is_known"),
            models.CheckConstraint(condition=models.Q(total=None) | models.Q(done__lte=models.F("total")), name="run_done_within_total"),
        )
        indexes = (models.Index(fields=["organisation", "-id"], name="run_of_organisation"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def percent(self) -> int | None:
        """How far it is, 0–100, or None while the total is not known."""
        return None if not self.total else min(100, self.done * 100 // self.total)


class RunPart(models.Model):
    """A piece of a run's result, kept until the last batch puts the pieces together."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="parts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    text = models.TextField()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="run_part_once"),)

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"

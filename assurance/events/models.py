"""What has happened (append-only) and the jobs that must follow (mutable)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.apps import apps
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.events.lifecycle import JobState
from assurance.roles import Role, can, role_of

if TYPE_CHECKING:
    from datetime import datetime

    from assurance.roles import Person


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: Person) -> EventQuerySet:
        """Return what concerns the user's organisation; the platform administrator and the auditor see all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR):  # type: ignore[attr-defined]
            return self
        return self.filter(organisation_id=user.organisation_id)  # type: ignore[attr-defined]

    def about(self, subject: models.Model) -> EventQuerySet:
        return self.filter(subject_kind=subject._meta.label_lower, subject_id=subject.pk)


class Event(models.Model):
    """One change: who, when, what, from what to what, why. Never updated, never deleted.

    ``changes`` holds ``{field: [before, after]}``; persons' data appear as salted digests, never in clear.
    ``actor_id`` is no foreign key, so that the log can stand below the accounts.
    """

    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    organisation_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=48)
    subject_id = models.BigIntegerField()
    changes = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    ids = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[Event]] = EventQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        indexes = (
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["organisation_id", "-id"], name="event_of_organisation"),
            # an auditor asks what one person did, when a kind of thing happened, and what happened in some days
            models.Index(fields=["actor_id", "-id"], name="event_of_actor"),
            models.Index(fields=["kind", "-id"], name="event_of_kind"),
            BrinIndex(fields=["at"], name="event_by_time"),
        )

    def __str__(self) -> str:
        return self.kind

    def changes_for(self, user: Person) -> dict[str, list[Any]]:
        """Return the changes without the fields that the user's role may not see, costs above all (P22.2)."""
        try:
            subject = apps.get_model(self.subject_kind)
        except (LookupError, ValueError):
            return self.changes
        restricted = getattr(subject, "restricted_fields", {})
        return {name: pair for name, pair in self.changes.items() if name not in restricted or can(user, restricted[name])}


class SubjectSalt(models.Model):
    """The salt of one subject's digests. Destroying it makes them unreadable for ever; the log stays whole."""

    subject_kind = models.CharField(max_length=48)
    subject_id = models.BigIntegerField()
    salt = models.BinaryField(max_length=32)

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="one_salt_per_subject"),)


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, at: datetime) -> JobQuerySet:
        """Return what the relay may publish: not finished, its time has come, nobody holds it."""
        return self.filter(state__in=(JobState.NEW, JobState.SENT), next_at__lte=at).filter(
            models.Q(lease_until=None) | models.Q(lease_until__lt=at)
        )

    def visible_to(self, user: Person) -> JobQuerySet:
        """Return all jobs for the platform administrator and the auditor; nobody else sees any."""
        return self if role_of(user) in (Role.PLATFORM_ADMIN, Role.AUDITOR) else self.none()

    def in_flight(self, at: datetime) -> JobQuerySet:
        """Return what is published or being worked on now."""
        return self.filter(state=JobState.SENT, lease_until__gte=at)

    def parked(self) -> JobQuerySet:
        return self.filter(state=JobState.PARKED)


class Job(models.Model):
    """Work that must follow, exactly once in effect. The broker only ever carries its id."""

    event = models.ForeignKey(Event, models.PROTECT, null=True, blank=True, related_name="jobs")
    handler = models.CharField(max_length=96)
    key = models.CharField(max_length=160, unique=True)
    queue = models.CharField(max_length=16)
    payload = models.JSONField(default=dict)
    state = models.CharField(
        max_length=8,
        default=JobState.NEW,
        choices=[
            (JobState.NEW, _("waiting")),
            (JobState.SENT, _("sent")),
            (JobState.DONE, _("done")),
            (JobState.PARKED, _("parked")),
        ],
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Job]] = JobQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(JobState)), name="job_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=JobState.DONE, done_at__isnull=False) | (~models.Q(state=JobState.DONE) & models.Q(done_at=None)),
                name="job_done_has_a_time",
            ),
        )
        indexes = (
            # the relay asks five times a second; finished rows must not slow it down
            models.Index(fields=["next_at", "id"], condition=models.Q(state__in=["new", "sent"]), name="job_open"),
            models.Index(fields=["lease_until"], condition=models.Q(state="sent"), name="job_in_flight"),
            models.Index(fields=["-id"], condition=models.Q(state="parked"), name="job_parked"),
        )

    def __str__(self) -> str:
        return f"{self.handler} {self.key}"


class Heartbeat(models.Model):
    """When a kind of process last showed that it works: relay, worker, beat."""

    process = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        app_label = "assurance"

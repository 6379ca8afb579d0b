"""What a person should know: shown in the app, mailed if it matters."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from assurance.accounts.models import User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> NoticeQuerySet:
        """Return the user's own notices; nobody reads another's."""
        return self.filter(recipient_id=user.pk) if user.is_authenticated else self.none()

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at=None)


class Notice(models.Model):
    """One message to one person, kept as kind and parameters, worded in the reader's language when shown."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=64)
    params = models.JSONField(default=dict)
    link = models.CharField(max_length=200, blank=True)
    key = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Notice]] = NoticeQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            # the same news reaches a person once, however often its job runs
            models.UniqueConstraint(fields=["recipient", "key"], name="notice_once_per_person"),
        )
        indexes = (
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["recipient"], condition=models.Q(read_at=None), name="notice_unread"),
        )

    def __str__(self) -> str:
        return self.kind

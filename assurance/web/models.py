"""The first answer to every keyed request, kept so that repeating the request repeats only the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models

if TYPE_CHECKING:
    from datetime import datetime


class IdempotencyKeyQuerySet(models.QuerySet["IdempotencyKey"]):
    def older_than(self, at: datetime) -> IdempotencyKeyQuerySet:
        return self.filter(created_at__lt=at)


class IdempotencyKey(models.Model):
    """What was answered to the first request with this key of this principal. Written with the effect, never changed."""

    principal = models.CharField(max_length=48)
    key = models.CharField(max_length=255)
    request_hash = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=80, blank=True)
    location = models.TextField(blank=True)
    body = models.BinaryField()
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[IdempotencyKey]] = IdempotencyKeyQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key_once_per_principal"),
            models.CheckConstraint(condition=models.Q(status__range=(200, 299)), name="idempotency_only_success_is_kept"),
        )
        indexes = (
            # the daily sweep reads the oldest week's end only
            models.Index(fields=["created_at"], name="idempotency_key_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"

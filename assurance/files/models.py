"""Uploads, stored once by content."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp", "application/pdf", "text/csv")


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: User) -> StoredFileQuerySet:
        """Return the user's organisation's files; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(organisation_id=user.organisation_id)


class StoredFile(models.Model):
    """One upload of one organisation. The bytes lie under their SHA-256; two uploads of the same bytes share them."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=32)
    shown_name = models.CharField(_("file name"), max_length=120)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager[StoredFile]] = StoredFileQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(media_type__in=MEDIA_TYPES), name="file_media_type_is_known"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="file_is_not_empty"),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="file_sha256_is_hex"),
            models.UniqueConstraint(fields=["organisation", "sha256"], name="file_once_per_organisation"),
        )

    def __str__(self) -> str:
        return self.shown_name

"""Uploads, stored once by content."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.roles import Permission, can

MEDIA_TYPES = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/pdf",
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: User) -> StoredFileQuerySet:
        """Return the user's organisation's files and those shown to it; the platform sees all.

        A private one – an export may hold costs – is for whoever made it, and for whoever may see costs anyway.
        """
        if not user.is_authenticated:
            return self.none()
        seen = self if can(user, Permission.SEE_COST) else self.filter(models.Q(is_private=False) | models.Q(uploaded_by=user))
        return seen._of(user)

    def _of(self, user: User) -> StoredFileQuerySet:
        if user.is_platform:
            return self
        shared = FileShare.objects.filter(organisation_id=user.organisation_id).values("file_id")
        return self.filter(models.Q(organisation_id=user.organisation_id) | models.Q(pk__in=shared))


class StoredFile(models.Model):
    """One upload of one organisation. The bytes lie under their SHA-256; two uploads of the same bytes share them.

    ``sha256`` is what was uploaded and is kept untouched. ``served_sha256`` is what a download gives: of a picture a
    copy that was decoded and written anew, upright and without what cameras and people hide in it; else the same.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=80)
    served_sha256 = models.CharField(max_length=64)
    served_size = models.PositiveIntegerField()
    shown_name = models.CharField(_("file name"), max_length=120)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    is_private = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[StoredFile]] = StoredFileQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(media_type__in=MEDIA_TYPES), name="file_media_type_is_known"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="file_is_not_empty"),
            models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="file_sha256_is_hex"),
            models.CheckConstraint(condition=models.Q(served_sha256__regex="^[0-9a-f]{64}$"), name="file_served_sha256_is_hex"),
            models.UniqueConstraint(
                fields=["organisation", "sha256"], condition=models.Q(is_private=False), name="file_once_per_organisation"
            ),
            models.UniqueConstraint(
                fields=["uploaded_by", "sha256"], condition=models.Q(is_private=True), name="private_file_once_per_person"
            ),
            models.UniqueConstraint(fields=["id", "organisation"], name="file_with_organisation"),
        )
        indexes = (
            # the sweeper asks by content whether anybody still needs the bytes
            models.Index(fields=["sha256"], name="file_by_content"),
            models.Index(fields=["served_sha256"], name="file_by_served_content"),
        )

    def __str__(self) -> str:
        return self.shown_name

    @property
    def is_picture(self) -> bool:
        """Whether a browser may draw it: only what this platform wrote itself."""
        return self.media_type.startswith("image/")


class FileShareQuerySet(models.QuerySet["FileShare"]):
    def visible_to(self, user: User) -> FileShareQuerySet:
        """Return what the user's organisation shows to others and what others show to it; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        mine = user.organisation_id
        return self.filter(models.Q(owner_id=mine) | models.Q(organisation_id=mine))


class FileShare(models.Model):
    """One organisation shows one of its files to another; written by whatever floor has a reason to."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()

    objects: ClassVar[models.Manager[FileShare]] = FileShareQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["organisation", "file"], name="file_shared_once"),)

    def __str__(self) -> str:
        return f"{self.file_id} → {self.organisation_id}"

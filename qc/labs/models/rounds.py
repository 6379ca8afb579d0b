"""Rounds of draws: committed to before anybody can know the outcome, and replayable by everybody afterwards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.roles import SEES_ALL, Kind
from warehouse.stock.models import Lot


class DrawRoundQuerySet(models.QuerySet["DrawRound"]):
    def visible_to(self, user: User) -> DrawRoundQuerySet:
        """Return the rounds of the user's warehouse; the platform sees all. A merchant sees those his samples name, through the sample."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        return self.filter(warehouse_id=user.organisation_id) if user.organisation_kind == Kind.WAREHOUSE else self.none()


class DrawRound(models.Model):
    """One draw of lots in one warehouse. ``commitment`` is the SHA-256 of the seed, on record before; ``seed`` is revealed by the draw.

    The candidates are frozen with the commitment. While one round waits to be drawn, the warehouse opens no other, and no round is
    given up: nobody tries seeds until he likes one.
    """

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    size = models.PositiveSmallIntegerField(_("lots to draw"))
    algorithm = models.CharField(max_length=16)
    commitment = models.CharField(max_length=64)
    candidates = models.PositiveIntegerField()
    candidates_hash = models.CharField(max_length=64)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    commitment_entry_id = models.BigIntegerField()
    seed = models.CharField(max_length=64, blank=True)
    drawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    drawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[DrawRound]] = DrawRoundQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["warehouse"], condition=Q(drawn_at=None), name="draw_round_one_open_per_warehouse"),
            models.UniqueConstraint(fields=["id", "warehouse"], name="draw_round_with_warehouse"),
            models.UniqueConstraint(fields=["commitment"], name="draw_round_seed_once"),
            models.CheckConstraint(condition=Q(size__gt=0, candidates__gt=0), name="draw_round_draws_something"),
            models.CheckConstraint(
                condition=Q(seed="", drawn_at=None, drawn_by=None) | (~Q(seed="") & Q(drawn_at__isnull=False, drawn_by__isnull=False)),
                name="draw_round_reveals_its_seed",
            ),
        )
        indexes = (models.Index(fields=["warehouse", "-id"], name="draw_round_of_warehouse"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("DR", self.pk or 0)

    @property
    def is_drawn(self) -> bool:
        return self.drawn_at is not None


class DrawSeed(models.Model):
    """The seed of a round before it is revealed. Nothing shows this table."""

    round = models.OneToOneField(DrawRound, models.PROTECT, related_name="hidden")
    seed = models.CharField(max_length=64)

    class Meta:
        app_label = "qc"

    def __str__(self) -> str:
        return f"seed of {self.round_id}"


class DrawCandidateQuerySet(models.QuerySet["DrawCandidate"]):
    def visible_to(self, user: User) -> DrawCandidateQuerySet:
        """Return the candidates of the rounds the user sees, and the merchant's own lots."""
        if not user.is_authenticated:
            return self.none()
        if user.organisation_kind == Kind.MERCHANT:
            return self.filter(merchant_id=user.organisation_id)
        return self.filter(round__in=DrawRound.objects.visible_to(user))


class DrawCandidate(models.Model):
    """One lot that could be drawn in a round: ``weight`` tickets, for these reasons. Frozen before the draw, never changed."""

    round = models.ForeignKey(DrawRound, models.PROTECT, related_name="lots")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    weight = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)

    objects: ClassVar[models.Manager[DrawCandidate]] = DrawCandidateQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["round", "lot"], name="draw_candidate_once_per_round"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="draw_candidate_has_tickets"),
        )

    def __str__(self) -> str:
        return f"{self.round_id}: {self.lot_id} × {self.weight}"

"""What may move and what may not: clearances say yes or no to one subject once, stops say no until they are lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.roles import SEES_ALL

if TYPE_CHECKING:
    from datetime import datetime


class Stage(models.TextChoices):
    INBOUND = "inbound", _("inbound")
    OUTBOUND = "outbound", _("outbound")
    RETURN = "return", _("return")
    DISPOSITION = "disposition", _("disposition")


class Subject(models.TextChoices):
    LOT = "lot", _("lot")
    PARCEL = "parcel", _("parcel")


class Verdict(models.TextChoices):
    RELEASED = "released", _("released")
    REFUSED = "refused", _("refused")


class ClearanceQuerySet(models.QuerySet["Clearance"]):
    def visible_to(self, user: User) -> ClearanceQuerySet:
        """Return the clearances of the user's own goods and those a person of the user's organisation gave; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        return self.filter(Q(organisation_id=user.organisation_id) | Q(actor__organisation_id=user.organisation_id))

    def of(self, subject_kind: str, subject_id: int) -> ClearanceQuerySet:
        return self.filter(subject_kind=subject_kind, subject_id=subject_id)


class Clearance(models.Model):
    """A verdict on one lot or parcel at one stage, given once per tranche by the floor that judged. Never changed.

    A higher table that lets something move carries a composite foreign key to ``clearance_can_be_carried``.
    ``organisation`` owns the goods. ``because`` is the rule's reason, shown to it.
    """

    subject_kind = models.CharField(max_length=8, choices=Subject)
    subject_id = models.BigIntegerField()
    stage = models.CharField(max_length=12, choices=Stage)
    tranche = models.PositiveIntegerField(default=1)
    verdict = models.CharField(max_length=8, choices=Verdict)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    because = models.TextField()
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Clearance]] = ClearanceQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["id", "subject_kind", "subject_id", "verdict"], name="clearance_can_be_carried"),
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "stage", "tranche"], name="clearance_once_per_tranche"),
            models.CheckConstraint(condition=Q(subject_kind__in=Subject.values), name="clearance_subject_is_known"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="clearance_stage_is_known"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="clearance_verdict_is_known"),
            models.CheckConstraint(condition=~Q(because=""), name="clearance_has_a_reason"),
            models.CheckConstraint(condition=Q(tranche__gte=1), name="clearance_tranche_counts_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_id} {self.verdict}"


class StopQuerySet(models.QuerySet["Stop"]):
    def visible_to(self, user: User) -> StopQuerySet:
        """Return the stops on the user's own goods, or in the user's own warehouse; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        return self.filter(Q(merchant_id=user.organisation_id) | Q(warehouse_id=user.organisation_id))

    def open(self, at: datetime | None = None) -> StopQuerySet:
        """Return what stops something at that moment: not lifted, not past its end."""
        return self.filter(lifted_at=None).filter(Q(until=None) | Q(until__gt=at or timezone.now()))

    def covering(
        self, *, merchant_id: int, product_id: int | None = None, warehouse_id: int | None = None, lot_id: int | None = None
    ) -> StopQuerySet:
        """Return the stops that cover all of this: each of their own dimensions is empty or the same.

        A stop on one lot does not cover the product as a whole; a stop on the product covers each of its lots.
        """
        return self.filter(
            Q(product_id=None) | Q(product_id=product_id),
            Q(warehouse_id=None) | Q(warehouse_id=warehouse_id),
            Q(lot_id=None) | Q(lot_id=lot_id),
            merchant_id=merchant_id,
        )


class Stop(models.Model):
    """Nothing of this may move or be shown: a merchant's goods, narrowed by product, warehouse, lot as far as these are given.

    ``code`` names the rule, ``because`` tells people. Without ``until`` it holds until somebody lifts it.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product_id = models.BigIntegerField(null=True)
    warehouse = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    lot_id = models.BigIntegerField(null=True)
    code = models.CharField(max_length=48)
    because = models.TextField()
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    until = models.DateTimeField(null=True)
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    lift_reason = models.TextField(blank=True)

    objects: ClassVar[models.Manager[Stop]] = StopQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(
                fields=["merchant", "product_id", "warehouse", "lot_id", "code"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="stop_open_once",
            ),
            models.CheckConstraint(condition=~Q(code="") & ~Q(because=""), name="stop_has_a_reason"),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("opened_at")), name="stop_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None, lift_reason="") | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="stop_lifted_with_a_reason",
            ),
            models.CheckConstraint(condition=Q(lifted_at=None) | Q(lifted_at__gte=F("opened_at")), name="stop_lifted_after_it_began"),
        )
        indexes = (
            # every move asks for the open stops of one merchant
            models.Index(fields=["merchant", "product_id", "lot_id"], condition=Q(lifted_at=None), name="stop_open"),
        )

    def __str__(self) -> str:
        return self.code

    def covers(self, *, merchant_id: int, product_id: int | None, warehouse_id: int | None, lot_id: int | None) -> bool:
        """Say whether this is among what is stopped; the same answer as ``StopQuerySet.covering`` of one that was read."""
        return (
            self.merchant_id == merchant_id
            and self.product_id in (None, product_id)
            and self.warehouse_id in (None, warehouse_id)
            and self.lot_id in (None, lot_id)
        )

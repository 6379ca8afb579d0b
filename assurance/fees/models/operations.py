"""What was done for a merchant and costs money, and what of it waits for its price."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.fees.models.rates import FeeKind
from assurance.fees.wording import because_in_words
from assurance.roles import SEES_ALL, Kind

Rows = TypeVar("Rows", bound="models.QuerySet")


class OperationQuerySet(models.QuerySet["Operation"]):
    def visible_to(self, user: User) -> OperationQuerySet:
        """Return what was done for the user's own merchant; the platform sees all."""
        return of_payer(self, user)


class Operation(models.Model):
    """One thing done for a merchant, metered in the transaction that did it. Never changed.

    Its source is the row that caused it, named by table and number: kind and source together are charged once, whatever is sent again.
    ``measures`` are what the price asks for besides the quantity (weight, size, place, cost), numbers as integers or text.
    """

    kind = models.CharField(_("fee"), max_length=24, choices=FeeKind)
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source_kind = models.CharField(max_length=48)
    source_id = models.BigIntegerField()
    quantity = models.PositiveIntegerField(_("quantity"))
    measures = models.JSONField(default=dict)
    at = models.DateTimeField(_("done at"))
    metered_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Operation]] = OperationQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["kind", "source_kind", "source_id"], name="operation_once_per_kind_and_source"),
            models.UniqueConstraint(fields=["id", "merchant", "kind"], name="operation_with_merchant_and_kind"),
            models.CheckConstraint(condition=models.Q(kind__in=FeeKind.values), name="operation_kind_is_known"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="operation_quantity_is_positive"),
            models.CheckConstraint(condition=~models.Q(source_kind=""), name="operation_has_a_source"),
        )
        indexes = (
            # a case asks what its parcel cost
            models.Index(fields=["source_kind", "source_id"], name="operation_of_source"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.source_kind} {self.source_id}"


class RatingDueQuerySet(models.QuerySet["RatingDue"]):
    def visible_to(self, user: User) -> RatingDueQuerySet:
        """Return what waits for its price of the user's own merchant; the platform sees all."""
        return of_payer(self, user)

    def stuck(self) -> RatingDueQuerySet:
        """Return what could not be priced: somebody must add a rate or find the missing measure."""
        return self.exclude(because="")


class RatingDue(models.Model):
    """An operation that has no line yet. A trigger writes it with the operation; it can only go when the line is there.

    ``because`` says why there is no price (``fees.rating.Unratable``); empty, it has not been tried.
    """

    operation = models.OneToOneField(Operation, models.PROTECT, primary_key=True, related_name="due")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    because = models.CharField(max_length=80, blank=True)
    tried_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[RatingDue]] = RatingDueQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(because="", tried_at=None) | (~models.Q(because="") & models.Q(tried_at__isnull=False)),
                name="ratingdue_tried_with_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.operation_id} {self.because}"

    @property
    def because_words(self) -> str:
        """Why there is no price, for people."""
        return because_in_words(self.because)


def of_payer(rows: Rows, user: User) -> Rows:
    """Return a merchant's own rows; all to the platform; nothing to anybody else."""
    if not user.is_authenticated:
        return rows.none()
    if user.role in SEES_ALL:
        return rows
    return rows.filter(merchant_id=user.organisation_id) if user.organisation_kind == Kind.MERCHANT else rows.none()

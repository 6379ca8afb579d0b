"""What an operation was charged, and the two legs that book it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.fees.models.billing import CreditNote, Statement
from assurance.fees.models.operations import Operation, of_payer
from assurance.fees.models.rates import FeeKind, Rate

if TYPE_CHECKING:
    from collections.abc import Collection

CURRENCY = "CNY"


class FeeLineQuerySet(models.QuerySet["FeeLine"]):
    def visible_to(self, user: User) -> FeeLineQuerySet:
        """Return the lines of the user's own merchant; the platform sees all."""
        return of_payer(self, user)

    def of_source(self, kind: str, ids: Collection[int]) -> FeeLineQuerySet:
        """Return what these rows of a table (``warehouse.parcel``) cost."""
        return self.filter(operation__source_kind=kind, operation__source_id__in=ids)


class FeeLine(models.Model):
    """What one operation costs: amount, rate and the sum with its numbers put in. One per operation, never changed.

    ``at`` is when the operation happened; a late one stands in a later statement than its own month.
    """

    operation = models.OneToOneField(Operation, models.PROTECT, related_name="line")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("fee"), max_length=24, choices=FeeKind)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines")
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="+")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    formula = models.CharField(_("how it was worked out"), max_length=200)
    at = models.DateTimeField(_("done at"))
    rated_at = models.DateTimeField()

    objects: ClassVar[models.Manager[FeeLine]] = FeeLineQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["id", "merchant"], name="feeline_with_merchant"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="feeline_amount_is_not_negative"),
            models.CheckConstraint(condition=~models.Q(formula=""), name="feeline_explains_itself"),
        )
        indexes = (models.Index(fields=["statement", "at", "id"], name="feeline_of_statement"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

    @property
    def label(self) -> str:
        """The fee, in the language that is active now."""
        return str(FeeKind(self.kind).label)

    @property
    def is_late(self) -> bool:
        """Whether its own month was closed already when it became known."""
        return self.statement.is_after(self.at)


class Account(models.TextChoices):
    RECEIVABLE = "receivable", _("owed by the merchant")
    REVENUE = "revenue", _("earned by the platform")


class PostingQuerySet(models.QuerySet["Posting"]):
    def visible_to(self, user: User) -> PostingQuerySet:
        """Return the legs of the user's own merchant; the platform sees all."""
        return of_payer(self, user)


class Posting(models.Model):
    """One leg of a double entry: what the merchant owes goes up, what the platform earned of that kind goes down by the same, or back.

    Each line and each credit note has exactly two legs that add up to nothing. Never changed.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="postings")
    kind = models.CharField(max_length=24, choices=FeeKind)
    account = models.CharField(max_length=12, choices=Account)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    currency = models.CharField(max_length=3, default=CURRENCY)
    line = models.ForeignKey(FeeLine, models.PROTECT, null=True, related_name="postings")
    credit_note = models.ForeignKey(CreditNote, models.PROTECT, null=True, related_name="postings")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Posting]] = PostingQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(account__in=Account.values), name="posting_account_is_known"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_is_not_zero"),
            models.CheckConstraint(condition=models.Q(currency=CURRENCY), name="posting_is_in_yuan"),
            models.CheckConstraint(
                condition=models.Q(line__isnull=False, credit_note=None) | models.Q(line=None, credit_note__isnull=False),
                name="posting_of_one_entry",
            ),
            models.UniqueConstraint(fields=["line", "account"], name="posting_once_per_line_and_account"),
            models.UniqueConstraint(
                fields=["credit_note", "account"],
                condition=models.Q(credit_note__isnull=False),
                name="posting_once_per_credit_note_and_account",
            ),
        )

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"

"""What a merchant owes for a month, what he disputes of it, and what he gets back."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.fees.lifecycle import DisputeState, StatementState
from assurance.fees.models.operations import of_payer
from assurance.fees.months import month_of

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

STATEMENT_CHOICES = [
    (StatementState.DRAFT, pgettext_lazy("statement", "Open")),
    (StatementState.FINAL, pgettext_lazy("statement", "Final")),
]
DISPUTE_CHOICES = [
    (DisputeState.OPEN, pgettext_lazy("dispute", "Open")),
    (DisputeState.ACCEPTED, pgettext_lazy("dispute", "Accepted")),
    (DisputeState.REJECTED, pgettext_lazy("dispute", "Rejected")),
]


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, user: User) -> StatementQuerySet:
        """Return the user's own merchant's statements; the platform sees all."""
        return of_payer(self, user)


class Statement(models.Model):
    """What a merchant owes for one month, by Shanghai's calendar. A draft grows by itself; a final one never changes.

    ``total`` = what its lines come to less its credit notes = what its postings say he owes; the database compares them when it
    becomes final. ``digest`` is the SHA-256 of its lines and notes as they then stand (``fees.canonical``).
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    month = models.DateField(_("month"))
    state = models.CharField(
        _("state"),
        max_length=8,
        default=StatementState.DRAFT,
        choices=STATEMENT_CHOICES,
    )
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, null=True)
    line_count = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    finalised_at = models.DateTimeField(null=True)
    finalised_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Statement]] = StatementQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["merchant", "month"], name="statement_once_per_month"),
            models.UniqueConstraint(fields=["id", "merchant"], name="statement_with_merchant"),
            models.CheckConstraint(condition=Q(state__in=list(StatementState)), name="statement_state_is_known"),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month_begins_on_the_first"),
            models.CheckConstraint(
                condition=Q(state="draft", total=None, line_count=None, digest="", finalised_at=None, finalised_by=None)
                | Q(state="final", total__isnull=False, line_count__isnull=False, finalised_at__isnull=False, finalised_by__isnull=False)
                & ~Q(digest=""),
                name="statement_final_says_what_it_came_to",
            ),
        )
        indexes = (models.Index(fields=["month", "state"], name="statement_of_month"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("ZD", self.pk or 0)

    @property
    def is_final(self) -> bool:
        return self.state == StatementState.FINAL

    @property
    def total_now(self) -> Decimal:
        """What it comes to; of an open one, what it comes to so far (it must have been read by ``queries.with_sums``)."""
        return self.total if self.total is not None else self.charged - self.credited  # type: ignore[attr-defined]

    def is_after(self, at: datetime) -> bool:
        """Whether that moment lies in an earlier month."""
        return month_of(at) < self.month


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def visible_to(self, user: User) -> DisputeQuerySet:
        """Return what the user's own merchant disputes; the platform sees all."""
        return of_payer(self, user)

    def open(self) -> DisputeQuerySet:
        return self.filter(state=DisputeState.OPEN)


class Dispute(models.Model):
    """A merchant does not agree to a line and says why; the platform answers by a day, with a reason."""

    line = models.ForeignKey("assurance.FeeLine", models.PROTECT, related_name="disputes")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=8,
        default=DisputeState.OPEN,
        choices=DISPUTE_CHOICES,
    )
    reason = models.CharField(_("why it is wrong"), max_length=500)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(_("answer by"))
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Dispute]] = DisputeQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["line"], condition=Q(state="open"), name="dispute_open_once_per_line"),
            models.UniqueConstraint(fields=["id", "line", "merchant"], name="dispute_with_line_and_merchant"),
            models.CheckConstraint(condition=Q(state__in=list(DisputeState)), name="dispute_state_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="dispute_has_a_reason"),
            models.CheckConstraint(condition=Q(due_at__gt=F("opened_at")), name="dispute_is_due_after_it_opened"),
            models.CheckConstraint(
                condition=Q(state="open", answer="", decided_by=None, decided_at=None)
                | Q(state__in=["accepted", "rejected"], decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""),
                name="dispute_decided_with_an_answer",
            ),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("opened_by")), name="dispute_decided_by_another"),
        )
        indexes = (models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="dispute_to_decide"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("YY", self.pk or 0)


class CreditNoteQuerySet(models.QuerySet["CreditNote"]):
    def visible_to(self, user: User) -> CreditNoteQuerySet:
        """Return what the user's own merchant got back; the platform sees all."""
        return of_payer(self, user)


class CreditNote(models.Model):
    """What a merchant gets back of one line, in a later statement than the line's: never more than the line, never twice. Never changed."""

    line = models.OneToOneField("assurance.FeeLine", models.PROTECT, related_name="credit_note")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    dispute = models.OneToOneField(Dispute, models.PROTECT, related_name="credit_note")
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="credit_notes")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    reason = models.CharField(_("reason"), max_length=500)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CreditNote]] = CreditNoteQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="creditnote_amount_is_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="creditnote_has_a_reason"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("CH", self.pk or 0)

"""Who bears it and why, what is done about it, and who does not agree."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from aftersales.cases.lifecycle import DecisionState, Liable, Outcome, RemedyKind, RemedyState, Side
from aftersales.cases.models.case import LIABLE_CHOICES, SIDE_CHOICES, Case, of_own_cases
from assurance.accounts.models import Organisation, User

DECISION_CHOICES = [
    (DecisionState.PROPOSED, _("Proposed")),
    (DecisionState.DECIDED, pgettext_lazy("case", "Decided")),
    (DecisionState.SENT_BACK, _("Sent back")),
]
OUTCOME_CHOICES = [
    (Outcome.NONE, _("Nothing more")),
    (Outcome.REFUND, _("Refund")),
    (Outcome.RETURN_REFUND, _("Return and refund")),
    (Outcome.REPLACEMENT, _("Replacement")),
    (Outcome.CREDIT, _("Credit on the merchant's fees")),
]
REMEDY_CHOICES = [
    (RemedyKind.REFUND, _("Refund")),
    (RemedyKind.RETURN, _("Return")),
    (RemedyKind.REPLACEMENT, _("Replacement")),
    (RemedyKind.CREDIT, _("Fee credit")),
]
REMEDY_STATES = [(RemedyState.ORDERED, _("To do")), (RemedyState.DONE, _("Done")), (RemedyState.CANCELLED, _("Called off"))]
BUYER_OR_MERCHANT = (Side.BUYER, Side.MERCHANT)


class CaseDecisionQuerySet(models.QuerySet["CaseDecision"]):
    def visible_to(self, user: User) -> CaseDecisionQuerySet:
        """Return all to the platform; to the merchant what was decided, not what was only proposed."""
        rows = of_own_cases(self, user)
        return rows if user.is_authenticated and user.is_platform else rows.filter(state=DecisionState.DECIDED)


class CaseDecision(models.Model):
    """One round of judging a case: proposed by an agent, decided or sent back by another person (P14.7).

    It cannot be kept without a written reason and without evidence: ``evidence`` holds ids of the case's links, which both sides see.
    ``is_confirmed`` says whether the complaint or the signal was right.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="decisions")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=10, choices=DECISION_CHOICES, default=DecisionState.PROPOSED)
    liability = models.CharField(_("liability"), max_length=10, choices=LIABLE_CHOICES)
    is_confirmed = models.BooleanField(_("confirmed"))
    outcome = models.CharField(_("outcome"), max_length=16, choices=OUTCOME_CHOICES)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    reason = models.TextField(_("reason"), max_length=2000)
    evidence = ArrayField(models.BigIntegerField())
    stops_lot = models.BooleanField(_("stops the lot"), default=False)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    sent_back_because = models.TextField(max_length=1000, blank=True)
    evidence_entry_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[CaseDecision]] = CaseDecisionQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(DecisionState)), name="case_decision_state_is_known"),
            models.CheckConstraint(condition=Q(liability__in=list(Liable)), name="case_decision_liability_is_known"),
            models.CheckConstraint(condition=Q(outcome__in=list(Outcome)), name="case_decision_outcome_is_known"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="case_decision_has_a_reason"),
            models.CheckConstraint(condition=Q(evidence__len__gte=1), name="case_decision_has_evidence"),
            models.CheckConstraint(condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="case_decision_by_another_person"),
            models.CheckConstraint(
                condition=Q(state=DecisionState.PROPOSED, decided_by=None, decided_at=None)
                | ~Q(state=DecisionState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="case_decision_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=DecisionState.SENT_BACK, sent_back_because__regex=r"\S")
                | ~Q(state=DecisionState.SENT_BACK) & Q(sent_back_because=""),
                name="case_decision_sent_back_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.REFUND, Outcome.RETURN_REFUND, Outcome.CREDIT], amount__isnull=False, amount__gt=0)
                | Q(outcome__in=[Outcome.NONE, Outcome.REPLACEMENT], amount=None),
                name="case_decision_amount_fits",
            ),
            models.UniqueConstraint(fields=["case", "round"], name="case_decision_once_per_round"),
            models.UniqueConstraint(fields=["case"], condition=Q(state=DecisionState.PROPOSED), name="case_decision_one_proposal"),
            models.UniqueConstraint(fields=["id", "merchant"], name="case_decision_with_merchant"),
        )

    def __str__(self) -> str:
        return f"{self.case_id}/{self.round}"


class CaseAppealQuerySet(models.QuerySet["CaseAppeal"]):
    def visible_to(self, user: User) -> CaseAppealQuerySet:
        return of_own_cases(self, user)


class CaseAppeal(models.Model):
    """A side that does not agree with a decision: once in the life of a case (P14.7). Never changed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decision = models.ForeignKey(CaseDecision, models.PROTECT, related_name="appeals")
    side = models.CharField(_("appealed by"), max_length=10, choices=SIDE_CHOICES)
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.TextField(_("reason"), max_length=2000)
    appealed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CaseAppeal]] = CaseAppealQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.UniqueConstraint(fields=["case", "side"], name="case_appeal_once_per_side"),
            models.CheckConstraint(condition=Q(side__in=BUYER_OR_MERCHANT), name="case_appeal_by_a_party"),
            models.CheckConstraint(condition=Q(reason__regex=r"\S"), name="case_appeal_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"


class RemedyQuerySet(models.QuerySet["Remedy"]):
    def visible_to(self, user: User) -> RemedyQuerySet:
        return of_own_cases(self, user)

    def to_do(self) -> RemedyQuerySet:
        return self.filter(state=RemedyState.ORDERED)


class Remedy(models.Model):
    """What was decided to be done: money given back, goods taken back or sent again, fees credited.

    ``subject_kind`` and ``subject_id`` are the record it became (a return, a credit note); ``reference`` is the number of a payment or
    of the order that replaces.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="remedies")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decision = models.ForeignKey(CaseDecision, models.PROTECT, related_name="remedies")
    kind = models.CharField(_("remedy"), max_length=12, choices=REMEDY_CHOICES)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True)
    state = models.CharField(_("state"), max_length=10, choices=REMEDY_STATES, default=RemedyState.ORDERED)
    subject_kind = models.CharField(max_length=48, blank=True)
    subject_id = models.BigIntegerField(null=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    ordered_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects: ClassVar[models.Manager[Remedy]] = RemedyQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(RemedyState)), name="remedy_state_is_known"),
            models.CheckConstraint(condition=Q(kind__in=list(RemedyKind)), name="remedy_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[RemedyKind.REFUND, RemedyKind.CREDIT], amount__isnull=False, amount__gt=0)
                | Q(kind__in=[RemedyKind.RETURN, RemedyKind.REPLACEMENT], amount=None),
                name="remedy_amount_fits",
            ),
            models.CheckConstraint(
                condition=Q(state=RemedyState.DONE, done_at__isnull=False) | ~Q(state=RemedyState.DONE) & Q(done_at=None, done_by=None),
                name="remedy_done_at_a_moment",
            ),
            models.UniqueConstraint(fields=["decision", "kind"], name="remedy_once_per_decision"),
        )
        indexes = (
            models.Index(fields=["case", "id"], name="remedy_of_case"),
            # a return that was closed finds its remedy
            models.Index(fields=["subject_kind", "subject_id"], name="remedy_of_subject"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

"""A product's way into 无忧服务, and its review."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.enrollment.lifecycle import EDITABLE, OPEN, EnrolmentState
from assurance.products.models import Product
from assurance.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

REASON_CODES = {
    "missing": _("Missing"),
    "unreadable": _("Cannot be read"),
    "contradiction": _("Contradicts another statement"),
    "not_proven": _("Not proven"),
    "forbidden": _("Not allowed here"),
    "other": _("Other"),
}

STATE_CHOICES = [
    (EnrolmentState.DRAFT, _("Draft")),
    (EnrolmentState.SUBMITTED, _("Submitted")),
    (EnrolmentState.NEEDS_CHANGES, _("Needs changes")),
    (EnrolmentState.APPROVED, _("Approved")),
    (EnrolmentState.REJECTED, _("Rejected")),
    (EnrolmentState.WITHDRAWN, _("Withdrawn")),
    (EnrolmentState.EXPIRED, _("Expired")),
]


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: User) -> AgreementQuerySet:
        """Return all: what a merchant agrees to is no secret."""
        return self if user.is_authenticated else self.none()


class Agreement(models.Model):
    """One version of what a merchant agrees to before anything of his is reviewed. Loaded from ``data/agreements``; append-only.

    ``sha256`` is the fingerprint of the canonical JSON of version, titles and texts (``enrollment.agreement``).
    """

    version = models.CharField(max_length=12, unique=True)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120)
    text_zh = models.TextField()
    text_en = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Agreement]] = AgreementQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="agreement_has_a_fingerprint"),)

    def __str__(self) -> str:
        return self.version

    @property
    def title(self) -> str:
        return self.title_en if (get_language() or "").startswith("en") else self.title_zh

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text_zh


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    def visible_to(self, user: User) -> AcceptanceQuerySet:
        """Return those of the merchant himself; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class Acceptance(models.Model):
    """That a merchant accepted one version of the agreement: who, when, and the fingerprint of what he saw. Append-only.

    One acceptance covers all his enrolments. The name he signed with is not repeated here; the event holds its salted digest.
    """

    personal_fields: ClassVar = frozenset({"signed_name"})

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    accepted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Acceptance]] = AcceptanceQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["merchant", "agreement"], name="agreement_accepted_once"),
            models.UniqueConstraint(fields=["id", "merchant"], name="acceptance_with_merchant"),
        )

    def __str__(self) -> str:
        return f"{self.merchant_id} {self.agreement_id}"


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def visible_to(self, user: User) -> EnrolmentQuerySet:
        """Return the merchant's own; reviewers and the platform see all that left the draft."""
        if not user.is_authenticated:
            return self.none()
        if user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR):
            return self
        if user.is_platform:
            return self.exclude(state=EnrolmentState.DRAFT)
        return self.filter(merchant_id=user.organisation_id)

    def waiting_for_review(self) -> EnrolmentQuerySet:
        return self.filter(state=EnrolmentState.SUBMITTED)

    def open(self) -> EnrolmentQuerySet:
        return self.filter(state__in=sorted(OPEN))

    def run_out(self, at: datetime) -> EnrolmentQuerySet:
        return self.filter(state=EnrolmentState.APPROVED, valid_until__lte=at)


class Enrolment(models.Model):
    """One product asking for the badge's protection."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=16,
        default=EnrolmentState.DRAFT,
        choices=STATE_CHOICES,
    )
    snapshot = models.JSONField(default=dict)
    acceptance = models.ForeignKey(Acceptance, models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    claimed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Enrolment]] = EnrolmentQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(EnrolmentState)), name="enrolment_state_is_known"),
            models.UniqueConstraint(fields=["product"], condition=models.Q(state__in=sorted(OPEN)), name="enrolment_one_open_per_product"),
            models.CheckConstraint(
                condition=~models.Q(state=EnrolmentState.APPROVED)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False, valid_until__isnull=False),
                name="enrolment_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("submitted_by")),
                name="enrolment_not_decided_by_its_submitter",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[EnrolmentState.DRAFT, EnrolmentState.WITHDRAWN])
                | models.Q(submitted_at__isnull=False, submitted_by__isnull=False, due_at__isnull=False),
                name="enrolment_submitted_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(claimed_by=None, claimed_at=None)
                | models.Q(claimed_by__isnull=False, claimed_at__isnull=False, state=EnrolmentState.SUBMITTED),
                name="enrolment_claimed_only_while_submitted",
            ),
            models.UniqueConstraint(fields=["id", "merchant"], name="enrolment_with_merchant"),
        )
        indexes = (
            # the review queue: by due time, only what waits
            models.Index(fields=["due_at", "id"], condition=models.Q(state="submitted"), name="enrolment_queue"),
            models.Index(fields=["merchant", "-id"], name="enrolment_of_merchant"),
            # what has run out, asked every hour
            models.Index(fields=["valid_until"], condition=models.Q(state="approved"), name="enrolment_by_end"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What people call it on the telephone."""
        return document_number("E", self.pk or 0)

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_waiting(self) -> bool:
        """Whether a reviewer must decide it."""
        return self.state == EnrolmentState.SUBMITTED


class EnrolmentSubmissionQuerySet(models.QuerySet["EnrolmentSubmission"]):
    def visible_to(self, user: User) -> EnrolmentSubmissionQuerySet:
        """Return those of the merchant's own enrolments; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)


class EnrolmentSubmission(models.Model):
    """One submission as it was handed over, so that the next one can be laid beside it (P1.3). Append-only."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="submissions")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    snapshot = models.JSONField()
    sha256 = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    objects: ClassVar[models.Manager[EnrolmentSubmission]] = EnrolmentSubmissionQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.CheckConstraint(condition=models.Q(sha256__regex="^[0-9a-f]{64}$"), name="submission_has_a_fingerprint"),)

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.sha256[:12]}"


class ReviewReasonQuerySet(models.QuerySet["ReviewReason"]):
    def visible_to(self, user: User) -> ReviewReasonQuerySet:
        """Return those of the merchant's own enrolments; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(merchant_id=user.organisation_id)

    def unsettled(self) -> ReviewReasonQuerySet:
        return self.filter(settled_at=None)


class ReviewReason(models.Model):
    """Why an enrolment was returned or rejected: a code, tied to a field, in words for the merchant (P1.2)."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="reasons")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    field = models.CharField(max_length=40)
    code = models.CharField(max_length=16, choices=list(REASON_CODES.items()))
    words = models.CharField(max_length=300, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ReviewReason]] = ReviewReasonQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.CheckConstraint(condition=models.Q(code__in=sorted(REASON_CODES)), name="review_reason_is_known"),)

    def __str__(self) -> str:
        return f"{self.field}: {self.code}"

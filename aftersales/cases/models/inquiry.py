"""What a buyer sends without an account, and what he says of it in the end."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.cases.lifecycle import Kind
from aftersales.cases.models.case import KIND_CHOICES, Case, of_own_cases
from assurance.accounts.models import Organisation, User


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: User) -> InquiryQuerySet:
        """Return what became a case the user sees; a buyer finds his own by its secret link alone."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_platform else self.filter(case__merchant_id=user.organisation_id)


class Inquiry(models.Model):
    """A buyer's request, found again by a secret link of which only the digest is kept.

    Whether the order is known is judged by a job, so that asking answers the same for every number. What could tell who asked
    (``phone_tail``, ``body``) is emptied when it was judged.
    """

    personal_fields: ClassVar[frozenset[str]] = frozenset({"phone_tail", "body"})

    token_digest = models.CharField(max_length=64, unique=True)
    order_number = models.CharField(max_length=64)
    phone_tail = models.CharField(max_length=4, blank=True)
    kind = models.CharField(max_length=16, choices=KIND_CHOICES)
    body = models.TextField(max_length=2000, blank=True)
    asked_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="inquiries")

    objects: ClassVar[models.Manager[Inquiry]] = InquiryQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="inquiry_kind_is_known"),
            models.CheckConstraint(condition=Q(case=None) | Q(judged_at__isnull=False), name="inquiry_is_judged_before_it_is_a_case"),
            models.CheckConstraint(condition=Q(judged_at=None) | Q(phone_tail="", body=""), name="inquiry_forgets_when_judged"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.asked_at:%Y-%m-%d}"


class CaseRatingQuerySet(models.QuerySet["CaseRating"]):
    def visible_to(self, user: User) -> CaseRatingQuerySet:
        return of_own_cases(self, user)


class CaseRating(models.Model):
    """How satisfied the buyer is, once, after the case was closed (P14.8). Never changed."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="rating")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(_("score"))
    comment = models.TextField(max_length=500, blank=True)
    rated_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CaseRating]] = CaseRatingQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="case_rating_is_one_to_five"),)

    def __str__(self) -> str:
        return str(self.score)

"""What buyers said about their orders on a marketplace."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.roles import Kind
from warehouse.orders.models import Order

if TYPE_CHECKING:
    from assurance.accounts.models import User


class BuyerReviewQuerySet(models.QuerySet["BuyerReview"]):
    def visible_to(self, user: User) -> BuyerReviewQuerySet:
        """Return the reviews of the merchant's own orders; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        return self.filter(merchant_id=user.organisation_id) if user.organisation_kind == Kind.MERCHANT else self.none()


class BuyerReview(models.Model):
    """One review as the marketplace tells it; never changed. ``digest`` says whether it was kept before."""

    order = models.ForeignKey(Order, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField(max_length=24)
    digest = models.CharField(max_length=64)
    score = models.PositiveSmallIntegerField(_("score"))
    title = models.CharField(_("title"), max_length=120, blank=True)
    text = models.TextField(_("review"), blank=True)
    written_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[BuyerReview]] = BuyerReviewQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=models.Q(score__gte=1, score__lte=5), name="review_score_is_one_to_five"),
            models.UniqueConstraint(fields=["order", "digest"], name="review_once_per_order"),
        )
        indexes = (models.Index(fields=["merchant", "-id"], name="review_of_merchant"),)

    def __str__(self) -> str:
        return f"{self.order_id}: {self.score}"

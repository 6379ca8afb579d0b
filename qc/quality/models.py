"""Corrective actions: what a merchant does after his goods were suspended."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.gates.models import Stop
from assurance.products.models import Product
from qc.inspections.models import ClassSeverity
from qc.quality.lifecycle import OPEN, ActionState
from warehouse.stock.models import of_own_side

ACTION_STATES = [
    (ActionState.DEMANDED, _("Waits for the merchant")),
    (ActionState.SUBMITTED, _("Waits for a decision")),
    (ActionState.APPROVED, _("Approved")),
]


class CorrectiveActionQuerySet(models.QuerySet["CorrectiveAction"]):
    def visible_to(self, user: User) -> CorrectiveActionQuerySet:
        """Return those of the merchant's own goods, of the user's warehouse, or all for the platform."""
        return of_own_side(self, user)

    def open(self) -> CorrectiveActionQuerySet:
        return self.filter(state__in=sorted(OPEN))


class CorrectiveAction(models.Model):
    """What is demanded when inspection of a product in a warehouse is suspended: cause and plan by the merchant, approved by another.

    ``stop`` holds the goods until then. ``decision_reason`` says why a plan was sent back or approved last.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    severity = models.ForeignKey(ClassSeverity, models.PROTECT, related_name="+")
    stop = models.ForeignKey(Stop, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, default=ActionState.DEMANDED, choices=ACTION_STATES)
    demanded_at = models.DateTimeField()
    cause = models.TextField(_("cause"), blank=True)
    plan = models.TextField(_("what was changed"), blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=300, blank=True)

    objects: ClassVar[models.Manager[CorrectiveAction]] = CorrectiveActionQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(ActionState)), name="corrective_state_is_known"),
            models.UniqueConstraint(
                fields=["product", "warehouse"], condition=Q(state__in=["demanded", "submitted"]), name="corrective_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state="demanded") | (Q(submitted_by__isnull=False, submitted_at__isnull=False) & ~Q(cause="") & ~Q(plan="")),
                name="corrective_submitted_by_somebody",
            ),
            # whoever wrote the plan does not judge it
            models.CheckConstraint(
                condition=~Q(state="approved")
                | (Q(decided_by__isnull=False, decided_at__isnull=False, submitted_by__isnull=False) & ~Q(decided_by=F("submitted_by"))),
                name="corrective_approved_by_another",
            ),
        )
        indexes = (
            models.Index(fields=["warehouse", "id"], condition=Q(state__in=["demanded", "submitted"]), name="corrective_open"),
            models.Index(fields=["merchant", "-id"], name="corrective_of_merchant"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("ZG", self.pk or 0)

"""Rules that watch, and what each of them found."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.cases.models import Case
from aftersales.cases.models.case import of_own_cases
from aftersales.signals.rules import Rule
from assurance.accounts.models import Organisation, User

RULE_CHOICES = [
    (Rule.SILENT_PARCEL, _("Silent parcel")),
    (Rule.LATE_PARCEL, _("Late parcel")),
    (Rule.LAB_FAILURE, _("Laboratory failure")),
    (Rule.RETURN_GRADED, _("Returned damaged or wrong")),
    (Rule.RETURN_SPIKE, _("Many returns of one lot")),
]


class SignalSwitchQuerySet(models.QuerySet["SignalSwitch"]):
    def visible_to(self, user: User) -> SignalSwitchQuerySet:
        """Return them to the platform; they belong to no merchant."""
        return self if user.is_authenticated and user.is_platform else self.none()


class SignalSwitch(models.Model):
    """Whether a rule may open cases. A rule without a row is on."""

    rule = models.CharField(_("rule"), max_length=32, choices=RULE_CHOICES, unique=True)
    is_on = models.BooleanField(_("switched on"), default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)

    objects: ClassVar[models.Manager[SignalSwitch]] = SignalSwitchQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(rule__in=list(Rule)), name="signal_switch_rule_is_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="signal_switch_has_a_reason"),
        )

    def __str__(self) -> str:
        return self.rule


class SignalFindingQuerySet(models.QuerySet["SignalFinding"]):
    def visible_to(self, user: User) -> SignalFindingQuerySet:
        return of_own_cases(self, user)


class SignalFinding(models.Model):
    """One finding of a rule that opened a case: score and reason as they were. Never changed; the case says whether it was right."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="finding")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    rule = models.CharField(_("rule"), max_length=32, choices=RULE_CHOICES)
    score = models.DecimalField(_("score"), max_digits=3, decimal_places=2)
    because = models.CharField(max_length=300)
    found_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SignalFinding]] = SignalFindingQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (
            models.CheckConstraint(condition=Q(rule__in=list(Rule)), name="signal_finding_rule_is_known"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=1), name="signal_finding_score_is_a_share"),
        )
        indexes = (models.Index(fields=["rule", "-id"], name="signal_finding_of_rule"),)

    def __str__(self) -> str:
        return f"{self.rule} {self.score}"

"""What the records said before anybody decided, kept so that it can be compared with the decision."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aftersales.cases.lifecycle import Liable
from aftersales.cases.models import Case, CaseDecision
from aftersales.cases.models.case import LIABLE_CHOICES, of_own_cases
from assurance.accounts.models import Organisation, User


class DiagnosisQuerySet(models.QuerySet["Diagnosis"]):
    def visible_to(self, user: User) -> DiagnosisQuerySet:
        """Return them to the platform; a merchant sees the decision and its evidence, not the guess before it."""
        rows = of_own_cases(self, user)
        return rows if user.is_authenticated and user.is_platform else rows.none()


class Diagnosis(models.Model):
    """The ranked causes of a case as they stood when a decision was proposed (A14.2). Never changed.

    ``causes`` is a list of ``{"liable", "share", "for", "against"}``, the likeliest first; ``first`` is its first party.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="diagnoses")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    decision = models.OneToOneField(CaseDecision, models.PROTECT, related_name="diagnosis")
    version = models.PositiveSmallIntegerField()
    causes = models.JSONField()
    first = models.CharField(_("likeliest"), max_length=10, choices=LIABLE_CHOICES)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Diagnosis]] = DiagnosisQuerySet.as_manager()

    class Meta:
        app_label = "aftersales"
        constraints = (models.CheckConstraint(condition=Q(first__in=list(Liable)), name="diagnosis_names_a_party"),)

    def __str__(self) -> str:
        return f"{self.case_id}: {self.first}"

"""What a laboratory found, as it was entered, and who else looked at it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.roles import Kind, Role
from qc.labs.lifecycle import SampleState
from qc.labs.models.samples import VERDICTS, Sample, SampleTest

OPERANDS = [("", "="), ("<", "<"), (">", ">"), ("nd", _("Not detected")), ("detected", _("Detected"))]
DECISIONS = [("confirmed", _("Result confirmed")), ("returned", _("Sent back"))]
KNOWS_BEFORE = frozenset({Role.PLATFORM_ADMIN, Role.AUDITOR})
"""Who outside the laboratory reads a value before it is published; whoever publishes is not among them."""


class LabResultQuerySet(models.QuerySet["LabResult"]):
    def visible_to(self, user: User) -> LabResultQuerySet:
        """Return what the user's laboratory found, and of the samples the user sees what is published (P9.9)."""
        if not user.is_authenticated:
            return self.none()
        if user.organisation_kind == Kind.LAB:
            return self.filter(lab_id=user.organisation_id)
        if user.role in KNOWS_BEFORE:
            return self
        return self.filter(sample__in=Sample.objects.visible_to(user).filter(state=SampleState.PUBLISHED))

    def standing(self) -> LabResultQuerySet:
        """Return what counts: not replaced by a later one."""
        return self.filter(replaced_by=None)


class LabResult(models.Model):
    """One result of one test, never changed: a correction is a new row that names the first and says why.

    ``reported`` is what the laboratory wrote; ``values`` and ``operand`` are how it was read. The verdict is computed when it is entered.
    ``retest_of`` is the result this one corrects, or the first sample's result that a retest repeats (``is_correction`` tells which).
    """

    sample_test = models.ForeignKey(SampleTest, models.PROTECT, related_name="results")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="results")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lab = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reported = models.CharField(max_length=120)
    operand = models.CharField(max_length=8, blank=True, choices=OPERANDS)
    values = ArrayField(models.DecimalField(max_digits=24, decimal_places=8), default=list, blank=True)
    unit = models.CharField(max_length=16, blank=True)
    method = models.CharField(max_length=40)
    detection_limit = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    uncertainty = models.DecimalField(max_digits=24, decimal_places=8, null=True, blank=True)
    verdict = models.CharField(max_length=8, choices=VERDICTS)
    because = models.JSONField()
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    corrects = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    retest_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="retests")
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[LabResult]] = LabResultQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            # two analysts at once: the second finds the place taken
            models.UniqueConstraint(fields=["sample_test"], condition=Q(corrects=None), name="lab_result_first_once"),
            models.UniqueConstraint(fields=["id", "entered_by"], name="lab_result_with_person"),
            models.UniqueConstraint(fields=["id", "sample"], name="lab_result_with_sample"),
            models.CheckConstraint(condition=Q(corrects=None, retest_of=None) | ~Q(reason=""), name="lab_result_again_has_a_reason"),
            models.CheckConstraint(condition=Q(verdict__in=["pass", "warning", "fail"]), name="lab_result_verdict_is_known"),
            models.CheckConstraint(condition=Q(operand__in=["", "<", ">", "nd", "detected"]), name="lab_result_operand_is_known"),
        )
        indexes = (models.Index(fields=["sample", "id"], name="lab_result_of_sample"),)

    def __str__(self) -> str:
        return f"{self.sample_test_id}: {self.reported}"

    @property
    def words(self) -> str:
        """Why the verdict is what it is, in the language that is active now."""
        return gettext(self.because["message"]) % self.because["params"]


class VerificationQuerySet(models.QuerySet["Verification"]):
    def visible_to(self, user: User) -> VerificationQuerySet:
        """Return those of the results the user sees."""
        return self.filter(result__in=LabResult.objects.visible_to(user)) if user.is_authenticated else self.none()


class Verification(models.Model):
    """Another person looked at a result and confirms it or sends it back. Never changed.

    ``entered_by`` repeats who entered the result, tied to it by a composite foreign key, so that a CHECK can tell the two apart.
    """

    result = models.ForeignKey(LabResult, models.PROTECT, related_name="verifications")
    sample = models.ForeignKey(Sample, models.PROTECT, related_name="+")
    lab = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    verified_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=DECISIONS)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager[Verification]] = VerificationQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=~Q(verified_by=F("entered_by")), name="verification_by_another_person"),
            models.UniqueConstraint(fields=["result", "verified_by"], name="verification_once_per_person"),
            models.CheckConstraint(condition=Q(decision__in=["confirmed", "returned"]), name="verification_decision_is_known"),
            models.CheckConstraint(condition=Q(decision="confirmed") | ~Q(reason=""), name="verification_sent_back_with_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.result_id}: {self.decision}"

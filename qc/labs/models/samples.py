"""Samples, what each is tested for, and through whose hands it went."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.products.models import Product
from assurance.roles import Kind
from qc.labs.lifecycle import SEEN_BY_LAB, SampleState
from qc.labs.models.reference import LabScope, LabTest
from qc.labs.models.rounds import DrawRound
from warehouse.stock.models import Lot, of_own_side

if TYPE_CHECKING:
    from datetime import datetime

STATE_CHOICES = [
    (SampleState.SCHEDULED, _("To be taken")),
    (SampleState.DRAWN, _("Taken, not sealed")),
    (SampleState.SEALED, _("Sealed")),
    (SampleState.DISPATCHED, _("On the way to the laboratory")),
    (SampleState.RECEIVED, _("At the laboratory")),
    (SampleState.TESTING, _("Being tested")),
    (SampleState.RESULTED, _("Results entered")),
    (SampleState.VERIFIED, _("Results verified")),
    (SampleState.PUBLISHED, _("Published")),
    (SampleState.VOIDED, _("Voided")),
]
ORIGINS = [
    ("random", _("Random draw")),
    ("demanded", _("Demanded by the kind of goods")),
    ("redraw", _("Drawn again")),
    ("retest", _("Retest of the counter-sample")),
]
VERDICTS = [("pass", _("Pass")), ("warning", _("Pass, close to the limit")), ("fail", _("Fail"))]
CONDITIONS = [
    ("intact", _("Intact")),
    ("broken_seal", _("Broken seal")),
    ("wrong_seal", _("Other seal number")),
    ("damaged", _("Damaged")),
    ("late", _("Too late")),
]


class SampleQuerySet(models.QuerySet["Sample"]):
    def visible_to(self, user: User) -> SampleQuerySet:
        """Return the merchant's own, the warehouse's, what was sent to the user's laboratory, or all to the platform."""
        if user.is_authenticated and user.organisation_kind == Kind.LAB:
            return self.filter(lab_id=user.organisation_id, state__in=sorted(SEEN_BY_LAB))
        return of_own_side(self, user)


class Sample(models.Model):
    """Units of one lot, sealed for a laboratory, with as many kept behind as counter-sample.

    ``verdict`` and ``because`` are written by the publication only: before it nobody but the laboratory knows. ``retest_rule`` is the
    version of the rule that was fixed before the first result (``retesting``). ``choice`` is why this laboratory and not another.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    round = models.ForeignKey(DrawRound, models.PROTECT, null=True, blank=True, related_name="samples")
    origin = models.CharField(max_length=8, choices=ORIGINS)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    retest_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="retests")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=10, default=SampleState.SCHEDULED, choices=STATE_CHOICES)
    units = models.PositiveSmallIntegerField(_("units for the laboratory"))
    counter_units = models.PositiveSmallIntegerField(_("units kept as counter-sample"))
    retest_rule = models.CharField(max_length=16)
    scheduled_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    seal_number = models.CharField(_("seal number"), max_length=40, blank=True)
    counter_seal_number = models.CharField(_("seal of the counter-sample"), max_length=40, blank=True)
    counter_place = models.CharField(_("place of the counter-sample"), max_length=40, blank=True)
    counter_until = models.DateField(_("keep the counter-sample until"), null=True, blank=True)
    lab = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    choice = models.JSONField(default=dict, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    arrive_by = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    verdict = models.CharField(_("verdict"), max_length=8, blank=True, choices=VERDICTS)
    because = models.JSONField(default=dict, blank=True)
    evidence_entry_id = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=12, blank=True)

    objects: ClassVar[models.Manager[Sample]] = SampleQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(SampleState)), name="sample_state_is_known"),
            models.CheckConstraint(
                condition=Q(origin="random", round__isnull=False, replaces=None, retest_of=None)
                | Q(origin="demanded", round=None, replaces=None, retest_of=None)
                | Q(origin="redraw", replaces__isnull=False)
                | Q(origin="retest", retest_of__isnull=False, replaces=None),
                name="sample_has_an_origin",
            ),
            models.CheckConstraint(condition=Q(units__gt=0, counter_units__gte=0), name="sample_has_units"),
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "drawn", "voided"]) | ~Q(seal_number=""), name="sample_travels_sealed"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["scheduled", "drawn", "sealed", "voided"], dispatched_at=None, due_at=None)
                | Q(lab__isnull=False, dispatched_at__isnull=False, arrive_by__isnull=False, due_at__isnull=False),
                name="sample_leaves_for_a_laboratory",
            ),
            models.CheckConstraint(
                condition=Q(state="published", verdict__in=["pass", "warning", "fail"], evidence_entry_id__isnull=False)
                | Q(~Q(state="published"), verdict="", evidence_entry_id=None, because={}),
                name="sample_verdict_is_published",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["published", "voided"], ended_at__isnull=False)
                | Q(~Q(state__in=["published", "voided"]), ended_at=None),
                name="sample_ends_when_it_is_over",
            ),
            models.CheckConstraint(
                condition=Q(counter_seal_number="", counter_place="", counter_until=None)
                | Q(~Q(counter_seal_number=""), ~Q(counter_place=""), counter_until__isnull=False),
                name="sample_counter_is_kept_somewhere",
            ),
            # a seal is used once in a warehouse; the counter-sample's goes on to the retest
            models.UniqueConstraint(fields=["warehouse", "seal_number"], condition=~Q(seal_number=""), name="sample_seal_once"),
            models.UniqueConstraint(fields=["round", "lot"], condition=Q(origin="random"), name="sample_once_per_round_and_lot"),
            models.UniqueConstraint(fields=["id", "merchant"], name="sample_with_merchant"),
            models.UniqueConstraint(fields=["id", "lab"], name="sample_with_lab"),
        )
        indexes = (
            # a laboratory's queue by due time
            models.Index(fields=["lab", "due_at", "id"], condition=~Q(state__in=["published", "voided"]), name="sample_queue"),
            models.Index(fields=["warehouse", "-id"], name="sample_of_warehouse"),
            models.Index(fields=["merchant", "-id"], name="sample_of_merchant"),
            models.Index(fields=["lot"], name="sample_of_lot"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say, and the laboratory knows the sample by."""
        return document_number("SP", self.pk or 0)

    @property
    def is_published(self) -> bool:
        return self.state == SampleState.PUBLISHED

    @property
    def reason_of_verdict(self) -> str:
        """Why the verdict is what it is, in the language that is active now."""
        if not self.because:
            return ""
        params = self.because["params"]
        if (get_language() or "").startswith("en"):
            params = params | {"names": params.get("names_en", "")}
        return gettext(self.because["message"]) % params

    def is_late(self, at: datetime) -> bool:
        """Whether the result was due before that moment and is not there."""
        return self.due_at is not None and self.ended_at is None and self.due_at < at


class SampleTestQuerySet(models.QuerySet["SampleTest"]):
    def visible_to(self, user: User) -> SampleTestQuerySet:
        """Return the tests of the samples the user sees."""
        return self.filter(sample__in=Sample.objects.visible_to(user)) if user.is_authenticated else self.none()


class SampleTest(models.Model):
    """One test of one sample, by the version of the limit in force for these goods; ``scope`` is the accreditation it is done under."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="tests")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    test = models.ForeignKey(LabTest, models.PROTECT, related_name="+")
    scope = models.ForeignKey(LabScope, models.PROTECT, null=True, blank=True, related_name="+")
    price = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)

    objects: ClassVar[models.Manager[SampleTest]] = SampleTestQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["sample", "test"], name="sample_test_once"),
            models.UniqueConstraint(fields=["id", "sample"], name="sample_test_with_sample"),
            models.CheckConstraint(
                condition=Q(scope=None, price=None) | Q(scope__isnull=False, price__isnull=False), name="sample_test_scope_has_a_price"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sample_id}: {self.test_id}"


class SampleHandoverQuerySet(models.QuerySet["SampleHandover"]):
    def visible_to(self, user: User) -> SampleHandoverQuerySet:
        """Return the hand-overs of the samples the user sees."""
        return self.filter(sample__in=Sample.objects.visible_to(user)) if user.is_authenticated else self.none()


class SampleHandover(models.Model):
    """Who had the sample in hand: what was done, when, where, under which seal, in what condition. Never changed."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="handovers")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    step = models.CharField(max_length=10, choices=STATE_CHOICES)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    place = models.CharField(max_length=80)
    seal_number = models.CharField(max_length=40, blank=True)
    condition = models.CharField(max_length=12, choices=CONDITIONS, default="intact")
    note = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager[SampleHandover]] = SampleHandoverQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(step__in=list(SampleState)), name="handover_step_is_known"),
            models.CheckConstraint(
                condition=Q(condition__in=["intact", "broken_seal", "wrong_seal", "damaged", "late"]), name="handover_condition_is_known"
            ),
        )
        indexes = (models.Index(fields=["sample", "id"], name="handover_of_sample"),)

    def __str__(self) -> str:
        return f"{self.sample_id}: {self.step}"

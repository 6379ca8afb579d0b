"""What was checked on a lot, unit by unit, and what follows from it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.calendar import SHANGHAI
from assurance.codes import document_number
from assurance.gates.models import Clearance
from assurance.products.models import Product
from qc.checks.models import Checklist
from qc.inspections.lifecycle import UNDECIDED, InspectionState
from qc.inspections.sampling import ClassPlans
from warehouse.stock.models import Lot, of_own_side

if TYPE_CHECKING:
    from qc.checks.checkpoints import Checkpoint

STAGES = [("inbound", _("Inbound"))]
CLASSES = [("critical", _("Critical")), ("major", _("Major")), ("minor", _("Minor"))]

LIABILITIES = [
    ("merchant", _("Merchant")),
    ("courier", _("Courier")),
    ("warehouse", _("Warehouse")),
    ("nobody", _("Nobody")),
]

STATE_CHOICES = [
    (InspectionState.OPEN, _("Waiting for an inspector")),
    (InspectionState.CLAIMED, _("Being inspected")),
    (InspectionState.ACCEPTED, _("Accepted")),
    (InspectionState.REJECTED, _("Not accepted")),
    (InspectionState.DOUBTED, _("Repeated by somebody else")),
]


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def visible_to(self, user: User) -> InspectionQuerySet:
        """Return the warehouse's inspections, the merchant's own, or all for the platform."""
        return of_own_side(self, user)

    def undecided(self) -> InspectionQuerySet:
        return self.filter(state__in=UNDECIDED)

    def with_progress(self) -> InspectionQuerySet:
        """Add how many units of each sample were recorded, and how many of them failed."""
        units = InspectedUnit.objects.standing().filter(inspection=models.OuterRef("pk")).order_by().values("inspection")
        failing = units.filter(is_conforming=False)
        return self.annotate(
            recorded_units=Coalesce(models.Subquery(units.annotate(n=models.Count("pk")).values("n")), 0),
            failing_units=Coalesce(models.Subquery(failing.annotate(n=models.Count("pk")).values("n")), 0),
        )


class Inspection(models.Model):
    """One inspection of one tranche of a lot by a GB/T 2828.1 plan; its verdict is computed, never typed.

    ``plan`` is what ``ClassPlans.as_dict`` wrote, with the edition; ``catalogue`` is the version of the defect kinds
    it is judged by, ``checklist`` the points asked of the lot as a whole. ``because`` is the reason of the verdict: message,
    params and the outcome of every class.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=8, choices=STAGES, default="inbound")
    tranche = models.PositiveSmallIntegerField(default=1)
    lot_size = models.PositiveIntegerField()
    plan = models.JSONField()
    catalogue = models.CharField(max_length=16)
    checklist = models.ForeignKey(Checklist, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(
        _("state"),
        max_length=10,
        default=InspectionState.OPEN,
        choices=STATE_CHOICES,
    )
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    inspector = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.JSONField(default=dict, blank=True)
    inspected = models.PositiveIntegerField(null=True, blank=True)
    nonconforming = models.PositiveIntegerField(null=True, blank=True)
    clearance = models.OneToOneField(Clearance, models.PROTECT, null=True, blank=True, related_name="+")
    evidence_entry_id = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=12, default="floor")
    # goods that were not accepted and are put up again do not count for switching
    is_original = models.BooleanField(default=True)
    # under skip-lot a lot is inspected by the smallest sample there is
    is_skipped = models.BooleanField(default=False)
    commitment = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    repeats = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="repeated_by")
    doubts = models.JSONField(default=list, blank=True)

    objects: ClassVar[models.Manager[Inspection]] = InspectionQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(InspectionState)), name="inspection_state_is_known"),
            # P4.8; that a tranche is not judged twice is the clearance's own constraint
            models.UniqueConstraint(
                fields=["lot", "stage", "tranche"],
                condition=models.Q(state__in=sorted(UNDECIDED)),
                name="inspection_one_open_per_tranche",
            ),
            models.UniqueConstraint(fields=["id", "merchant"], name="inspection_with_merchant"),
            models.CheckConstraint(condition=models.Q(lot_size__gt=0, tranche__gt=0), name="inspection_covers_something"),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=sorted({*UNDECIDED, InspectionState.DOUBTED}),
                    decided_at=None,
                    inspected=None,
                    nonconforming=None,
                    clearance=None,
                    evidence_entry_id=None,
                )
                | models.Q(
                    state__in=["accepted", "rejected"],
                    decided_at__isnull=False,
                    inspector__isnull=False,
                    inspected__isnull=False,
                    nonconforming__isnull=False,
                    clearance__isnull=False,
                    evidence_entry_id__isnull=False,
                ),
                name="inspection_decided_by_somebody",
            ),
            # the seed is revealed when there is nothing left to draw
            models.CheckConstraint(
                condition=models.Q(seed="") | (~models.Q(state__in=sorted(UNDECIDED)) & ~models.Q(commitment="")),
                name="inspection_reveals_its_seed_last",
            ),
            models.CheckConstraint(
                condition=models.Q(state=InspectionState.DOUBTED) & ~models.Q(doubts=[])
                | ~models.Q(state=InspectionState.DOUBTED) & models.Q(doubts=[]),
                name="inspection_is_doubted_for_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(state=InspectionState.OPEN, inspector=None, claimed_at=None)
                | models.Q(~models.Q(state=InspectionState.OPEN), inspector__isnull=False, claimed_at__isnull=False),
                name="inspection_claimed_by_somebody",
            ),
        )
        indexes = (
            # the queue: by due time, only what is not decided
            models.Index(
                fields=["warehouse", "due_at", "id"],
                condition=models.Q(state__in=["open", "claimed"]),
                name="inspection_queue",
            ),
            # what somebody decided lately
            models.Index(fields=["inspector", "-id"], name="inspection_of_inspector"),
            models.Index(fields=["warehouse", "-id"], name="inspection_of_warehouse"),
            models.Index(fields=["merchant", "-id"], name="inspection_of_merchant"),
            # a product's defect rate adds these up
            models.Index(fields=["product"], condition=models.Q(decided_at__isnull=False), name="inspection_decided_of_product"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("QC", self.pk or 0)

    @cached_property
    def plans(self) -> ClassPlans:
        """The plan that was found when the inspection was opened."""
        return ClassPlans.from_dict(self.plan)

    @cached_property
    def points(self) -> tuple[Checkpoint, ...]:
        """What is asked of the lot as a whole: the points of its checklist that bind goods of its production day.

        Where that is unknown the day of opening stands for it.
        """
        if self.checklist is None:
            return ()
        produced = self.lot.produced_date or self.opened_at.astimezone(SHANGHAI).date()
        return tuple(point for point in self.checklist.points if point.is_asked_of(produced))

    @property
    def sample_size(self) -> int:
        return self.plans.sample_size

    @property
    def move_reference(self) -> str:
        """Under which reference its goods move when the verdict is given."""
        return f"inspection:{self.pk}"

    @property
    def is_decided(self) -> bool:
        return self.state not in UNDECIDED

    @property
    def doubt_words(self) -> list[str]:
        """Why somebody else repeats it, in the language that is active now."""
        return [gettext(told["message"]) % told["params"] for told in self.doubts]

    @property
    def reason(self) -> str:
        """Why the verdict is what it is, in the language that is active now."""
        return gettext(self.because["message"]) % self.because["params"] if self.because else ""


class InspectionSeed(models.Model):
    """The seed of a draw before it is revealed. Nothing shows this table."""

    inspection = models.OneToOneField(Inspection, models.PROTECT, related_name="hidden")
    seed = models.CharField(max_length=64)

    class Meta:
        app_label = "qc"

    def __str__(self) -> str:
        return f"seed of {self.inspection_id}"


class DefectKindQuerySet(models.QuerySet["DefectKind"]):
    def visible_to(self, user: User) -> DefectKindQuerySet:
        """Return the catalogue to everybody who signs in."""
        return self if user.is_authenticated else self.none()

    def of(self, version: str, *, categories: list[str]) -> DefectKindQuerySet:
        """Return what can be wrong with goods of these categories, general defects included, the worst class first."""
        worst_first = models.Case(
            models.When(defect_class="critical", then=0),
            models.When(defect_class="major", then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        return self.filter(version=version, category__in=["", *categories]).order_by(worst_first, "position", "id")


class DefectKind(models.Model):
    """A defect by code and class (重大 / 严重 / 轻微瑕疵), in one version of the catalogue. A change is a new version.

    ``category`` is the code of the category it belongs to, with everything below; empty means all goods.
    """

    version = models.CharField(max_length=16)
    code = models.CharField(max_length=32)
    category = models.CharField(max_length=32, blank=True)
    defect_class = models.CharField(max_length=8, choices=CLASSES)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[DefectKind]] = DefectKindQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["version", "code"], name="defect_kind_once_per_version"),
            models.CheckConstraint(condition=models.Q(defect_class__in=["critical", "major", "minor"]), name="defect_class_is_known"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the language that is active now."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class InspectedUnitQuerySet(models.QuerySet["InspectedUnit"]):
    def visible_to(self, user: User) -> InspectedUnitQuerySet:
        """Return the units of the inspections the user sees."""
        return of_own_side(self, user, warehouse="inspection__warehouse_id")

    def standing(self) -> InspectedUnitQuerySet:
        """Return what counts: not taken back."""
        return self.filter(withdrawn_at=None)


class InspectedUnit(models.Model):
    """One unit of the sample as it was found: without a defect, or with defects by code.

    ``number`` is its place in the sample, from 1. A mistake is taken back before the verdict: the row stays and says
    so, and the unit is recorded anew.
    """

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="units")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField(_("unit"))
    is_conforming = models.BooleanField()
    defects = ArrayField(models.CharField(max_length=32), default=list)
    liability = models.CharField(_("who answers for it"), max_length=10, choices=LIABILITIES, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[InspectedUnit]] = InspectedUnitQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(
                fields=["inspection", "number"], condition=models.Q(withdrawn_at=None), name="unit_once_per_inspection"
            ),
            models.CheckConstraint(condition=models.Q(number__gt=0), name="unit_number_is_positive"),
            models.CheckConstraint(
                condition=models.Q(is_conforming=True, defects=[]) | (models.Q(is_conforming=False) & ~models.Q(defects=[])),
                name="unit_fails_by_a_defect",
            ),
            models.CheckConstraint(
                condition=models.Q(liability="")
                | models.Q(is_conforming=False, liability__in=["merchant", "courier", "warehouse", "nobody"]),
                name="unit_that_fails_is_answered_for",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None, withdrawn_by=None) | models.Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="unit_withdrawn_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.inspection_id}/{self.number}"

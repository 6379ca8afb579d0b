"""How strictly the next lot of a product is inspected in a warehouse, for each class of defects, and how it came to that."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from qc.inspections.models.inspections import CLASSES, Inspection
from qc.inspections.switching import Severity, State
from warehouse.stock.models import of_own_side

SEVERITIES = [
    (Severity.NORMAL, _("Normal")),
    (Severity.TIGHTENED, _("Tightened")),
    (Severity.REDUCED, _("Reduced")),
    (Severity.SUSPENDED, _("Suspended")),
]
SWITCHED_CLASSES = [choice for choice in CLASSES if choice[0] != "critical"]
"""Critical defects have no severity: their limit is always 0."""


class ClassSeverityQuerySet(models.QuerySet["ClassSeverity"]):
    def visible_to(self, user: User) -> ClassSeverityQuerySet:
        """Return those of the merchant's own goods, of the user's warehouse, or all for the platform."""
        return of_own_side(self, user)


class ClassSeverity(models.Model):
    """The severity of one class of defects for merchant × product × warehouse; ``switching`` says what a lot makes of it.

    ``standing`` is what ``State.as_dict`` wrote; ``run`` counts the lots accepted in a row at this severity, ``switches`` the
    switches so far.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    defect_class = models.CharField(_("class"), max_length=8, choices=SWITCHED_CLASSES)
    severity = models.CharField(_("severity"), max_length=10, choices=SEVERITIES, default=Severity.NORMAL)
    standing = models.JSONField()
    run = models.PositiveIntegerField(default=0)
    switches = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ClassSeverity]] = ClassSeverityQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=models.Q(severity__in=list(Severity)), name="class_severity_is_known"),
            models.CheckConstraint(condition=models.Q(defect_class__in=["major", "minor"]), name="class_severity_class_is_known"),
            models.CheckConstraint(
                condition=models.Q(severity=KeyTextTransform("severity", "standing")), name="class_severity_is_its_standing"
            ),
            models.UniqueConstraint(fields=["product", "warehouse", "defect_class"], name="class_severity_once"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="class_severity_with_sides"),
        )
        indexes = (models.Index(fields=["warehouse", "severity", "id"], name="class_severity_of_warehouse"),)

    def __str__(self) -> str:
        return f"{self.product_id}/{self.warehouse_id} {self.defect_class}: {self.severity}"

    @property
    def state(self) -> State:
        """Where switching stands."""
        return State.from_dict(self.standing)

    @property
    def reason(self) -> str:
        """Why it is at its severity, in the language that is active now."""
        state = self.state
        return gettext(state.message) % state.params


class SeveritySwitchQuerySet(models.QuerySet["SeveritySwitch"]):
    def visible_to(self, user: User) -> SeveritySwitchQuerySet:
        """Return the switches of the severities the user sees."""
        return of_own_side(self, user)


class SeveritySwitch(models.Model):
    """One switch with the lots that caused it. Never changed.

    ``inspections`` are those whose verdicts caused it, ``inspection`` the last of them; a switch by a decision (corrective action,
    agreement withdrawn) has a person instead.
    """

    of = models.ForeignKey(ClassSeverity, models.PROTECT, related_name="history")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    before = models.CharField(max_length=10, choices=SEVERITIES)
    after = models.CharField(max_length=10, choices=SEVERITIES)
    because = models.JSONField()
    inspection = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True, related_name="+")
    inspections = ArrayField(models.BigIntegerField(), default=list)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    switched_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SeveritySwitch]] = SeveritySwitchQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["of", "number"], name="severity_switch_once"),
            models.CheckConstraint(condition=~models.Q(before=models.F("after")), name="severity_switch_leads_elsewhere"),
            models.CheckConstraint(
                condition=(models.Q(inspection__isnull=False, decided_by=None) & ~models.Q(inspections=[]))
                | models.Q(inspection=None, decided_by__isnull=False),
                name="severity_switch_has_its_cause",
            ),
        )

    def __str__(self) -> str:
        return f"{self.of_id}: {self.before} → {self.after}"

    @property
    def reason(self) -> str:
        """Why, in the language that is active now."""
        return gettext(self.because["message"]) % self.because["params"]

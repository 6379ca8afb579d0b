"""What failed an inspection."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.files.models import StoredFile
from assurance.products.models import Product
from qc.nonconformance.lifecycle import NonConformanceState
from qc.nonconformance.remedies import Severity
from warehouse.orders.models import Parcel
from warehouse.stock.models import Lot, of_own_side

STAGES = [("inbound", _("Inbound")), ("outbound", _("Before sending")), ("return", _("After a return"))]
NON_CONFORMANCE_STATES = [(NonConformanceState.OPEN, _("To be put right")), (NonConformanceState.CLOSED, _("Put right"))]
SEVERITIES = [(Severity.CRITICAL, _("Critical")), (Severity.MAJOR, _("Major")), (Severity.MINOR, _("Minor"))]
SOURCE_NUMBERS = {"inbound": "QC", "outbound": "CJ", "return": "TQ"}
"""How the number of what failed begins, by stage."""


class NonConformanceQuerySet(models.QuerySet["NonConformance"]):
    def visible_to(self, user: User) -> NonConformanceQuerySet:
        """Return what failed of the merchant's goods, in the user's warehouse, or everywhere for the platform."""
        return of_own_side(self, user)

    def open(self) -> NonConformanceQuerySet:
        return self.filter(state=NonConformanceState.OPEN)

    def undecided(self) -> NonConformanceQuerySet:
        """Return lots of which some units have no decision."""
        return self.open().filter(stage="inbound", assigned__lt=F("quantity"))


class NonConformance(models.Model):
    """A failed inspection and what must be put right: one each, written in the transaction of the verdict (P5.1).

    ``source_id`` is the number of the inspection, check or return inspection of its stage: they stand above. ``defects`` lists code,
    class and units; ``quantity`` are the units concerned. ``assigned`` of them have a decision that stands, ``settled`` have gone
    where it says: both are kept by triggers, never written by the application. ``closed_by`` is empty when a rule closed it.
    ``defaulted_at`` is when the deadline decided on a parcel or a returned unit; on lots it writes a decision of its own.
    """

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    stage = models.CharField(_("stage"), max_length=8, choices=STAGES)
    source_id = models.BigIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+")
    parcel = models.ForeignKey(Parcel, models.PROTECT, null=True, blank=True, related_name="+")
    severity = models.CharField(_("defect class"), max_length=8, choices=SEVERITIES)
    defects = models.JSONField(default=list)
    because = models.JSONField(default=dict)
    quantity = models.PositiveIntegerField(_("units"))
    failing = models.PositiveIntegerField(_("failing units"), default=0)
    assigned = models.PositiveIntegerField(default=0, db_default=0)
    settled = models.PositiveIntegerField(default=0, db_default=0)
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    defaulted_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, default=NonConformanceState.OPEN, choices=NON_CONFORMANCE_STATES)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    remedy = models.CharField(_("what was done"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[NonConformance]] = NonConformanceQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(NonConformanceState)), name="non_conformance_state_is_known"),
            models.CheckConstraint(condition=Q(stage__in=list(SOURCE_NUMBERS)), name="non_conformance_stage_is_known"),
            models.CheckConstraint(condition=Q(severity__in=list(Severity)), name="non_conformance_severity_is_known"),
            # P5.1; that none is missing is a trigger's on what failed
            models.UniqueConstraint(fields=["stage", "source_id"], name="non_conformance_once_per_inspection"),
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(state="open", stage="outbound"), name="non_conformance_one_open_per_parcel"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None, remedy="")
                | (Q(state="closed", closed_at__isnull=False) & ~Q(remedy="")),
                name="non_conformance_closed_with_a_remedy",
            ),
            models.CheckConstraint(
                condition=Q(stage="inbound", lot__isnull=False, product__isnull=False) | ~Q(stage="inbound"),
                name="non_conformance_of_a_lot",
            ),
            models.CheckConstraint(condition=Q(owner=F("merchant")) | Q(owner=F("warehouse")), name="non_conformance_has_an_owner"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="non_conformance_covers_something"),
            # decisions share the units until they are used up, never above (P5.2)
            models.CheckConstraint(condition=Q(assigned__lte=F("quantity")), name="non_conformance_is_not_overdrawn"),
            models.CheckConstraint(condition=Q(settled__lte=F("assigned")), name="non_conformance_settles_what_was_decided"),
            models.CheckConstraint(
                condition=~Q(stage="inbound", state="closed") | Q(settled=F("quantity")), name="non_conformance_closed_when_used_up"
            ),
            models.CheckConstraint(
                condition=Q(defaulted_at=None) | (~Q(stage="inbound") & Q(defaulted_at__gte=F("due_at"))),
                name="non_conformance_defaults_when_due",
            ),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse", "lot"], name="non_conformance_with_place_and_lot"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="non_conformance_with_both_sides"),
        )
        indexes = (
            models.Index(fields=["warehouse", "due_at", "id"], condition=Q(state="open"), name="non_conformance_to_put_right"),
            # the newest of a side; the job that looks for deadlines
            models.Index(fields=["merchant", "-id"], name="non_conformance_of_merchant"),
            models.Index(fields=["due_at"], condition=Q(state="open"), name="non_conformance_by_deadline"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("NC", self.pk or 0)

    @property
    def source_code(self) -> str:
        """The number of the inspection that failed."""
        return document_number(SOURCE_NUMBERS[self.stage], self.source_id)

    @property
    def goods(self) -> Lot:
        """The lot of what failed at the door; nothing else has one to decide on."""
        if self.lot is None:
            raise ValueError(f"{self} is not of a lot")
        return self.lot

    @property
    def found(self) -> list[dict[str, Any]]:
        """What was found wrong, each defect by its name in the language that is active now; old rows know only codes."""
        language = "en" if (get_language() or "").startswith("en") else "zh"
        return [told | {"name": told.get(language) or told["code"]} for told in self.defects]

    @property
    def undecided(self) -> int:
        return self.quantity - self.assigned

    @property
    def reason(self) -> str:
        """Why the inspection failed, in the language that is active now."""
        return gettext(self.because["message"]) % self.because["params"] if self.because else ""


class NonConformancePhotoQuerySet(models.QuerySet["NonConformancePhoto"]):
    def visible_to(self, user: User) -> NonConformancePhotoQuerySet:
        """Return the photographs of what the user sees."""
        return of_own_side(self, user)


class NonConformancePhoto(models.Model):
    """A photograph of what was found wrong."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    non_conformance = models.ForeignKey(NonConformance, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[NonConformancePhoto]] = NonConformancePhotoQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (models.UniqueConstraint(fields=["non_conformance", "file"], name="non_conformance_photo_once"),)

    def __str__(self) -> str:
        return f"{self.non_conformance_id}: {self.file_id}"

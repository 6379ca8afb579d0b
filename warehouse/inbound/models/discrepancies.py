"""What arrived otherwise than it was announced, who takes care of it, and what became of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from warehouse.inbound.lifecycle import RESOLUTIONS, DiscrepancyState, Kind, Reason, Resolution
from warehouse.inbound.models.notices import ShipmentLine, ShipmentNotice
from warehouse.stock.models import of_own_side

KIND_CHOICES = [
    (Kind.OVER, _("More than announced")),
    (Kind.SHORT, _("Fewer than announced")),
    (Kind.DAMAGED, _("Damaged")),
    (Kind.WRONG, _("Not announced")),
    (Kind.DATES, _("Other dates than known")),
    (Kind.STALE, _("Too old to be taken in")),
]
RESOLUTION_CHOICES = [
    (Resolution.MISTAKE, _("Misread: it was not so")),
    (Resolution.SENT_BACK, _("Sent back to the merchant")),
    (Resolution.DESTROYED, _("Destroyed")),
    (Resolution.ANNOUNCED_ANEW, _("Announced anew by the merchant")),
    (Resolution.WRITTEN_OFF, _("Never loaded, the merchant agrees")),
    (Resolution.ADMITTED, _("May be taken in all the same")),
]
REASON_CHOICES = [
    (Reason.SOLD_ALREADY, _("Sold already, leaves within days")),
    (Reason.PROMOTION, _("For a promotion that names the short life")),
    (Reason.MERCHANT_AGREES, _("The merchant answers for the short life in writing")),
    (Reason.RESIDUE, _("Rest of a lot that is in already")),
    (Reason.OTHER, _("Another reason, in words")),
]


class DiscrepancyQuerySet(models.QuerySet["Discrepancy"]):
    def visible_to(self, user: User) -> DiscrepancyQuerySet:
        """Return those of the merchant's own notices, of the user's warehouse, or all for the platform."""
        return of_own_side(self, user)

    def open(self) -> DiscrepancyQuerySet:
        return self.filter(state=DiscrepancyState.OPEN)


class Discrepancy(models.Model):
    """Units at the door that differ from their notice. They stand aside and are no stock. ``message`` is the scan that found them.

    ``line`` is empty for goods that no line announces. A settled one of the kind ``stale`` that was ``admitted`` lets as many units of
    exactly these dates in (``Receipt.admitted_under``).
    """

    notice = models.ForeignKey(ShipmentNotice, models.PROTECT, related_name="discrepancies")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, null=True, blank=True, related_name="discrepancies")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("what differs"), max_length=8, choices=KIND_CHOICES)
    state = models.CharField(
        _("state"),
        max_length=8,
        default=DiscrepancyState.OPEN,
        choices=[(DiscrepancyState.OPEN, _("Open")), (DiscrepancyState.SETTLED, _("Settled"))],
    )
    scanned_code = models.CharField(_("scanned code"), max_length=80, blank=True)
    lot_number = models.CharField(_("lot number"), max_length=40, blank=True)
    produced_date = models.DateField(_("production date"), null=True, blank=True)
    expiry_date = models.DateField(_("expiry date"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("units"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    message = models.CharField(max_length=90)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    resolution = models.CharField(_("what became of it"), max_length=16, blank=True, choices=RESOLUTION_CHOICES)
    reason = models.CharField(_("reason"), max_length=16, blank=True, choices=REASON_CHOICES)
    settle_note = models.CharField(_("in words"), max_length=200, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Discrepancy]] = DiscrepancyQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(DiscrepancyState)), name="discrepancy_state_is_known"),
            models.CheckConstraint(condition=models.Q(kind__in=list(Kind)), name="discrepancy_kind_is_known"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="discrepancy_quantity_is_positive"),
            models.CheckConstraint(
                condition=models.Q(state="open", resolution="", reason="", settled_by=None, settled_at=None)
                | models.Q(models.Q(state="settled", settled_by__isnull=False, settled_at__isnull=False) & ~models.Q(resolution="")),
                name="discrepancy_settled_as_a_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(resolution="")
                | models.Q(
                    *(models.Q(kind=kind, resolution__in=sorted(ways)) for kind, ways in RESOLUTIONS.items()), _connector=models.Q.OR
                ),
                name="discrepancy_resolution_fits_its_kind",
            ),
            # who lets old goods in is somebody else than who found them, and says why (P3.4)
            models.CheckConstraint(
                condition=(~models.Q(resolution="admitted") & models.Q(reason=""))
                | (
                    models.Q(resolution="admitted", reason__in=list(Reason), line__isnull=False, settled_by__isnull=False)
                    & ~models.Q(settled_by=models.F("found_by"))
                ),
                name="discrepancy_admitted_by_a_second_person",
            ),
            models.UniqueConstraint(fields=["warehouse", "message"], name="discrepancy_once_per_message"),
            # a receipt of old goods refers to line, person, reason and resolution together (composite foreign key in migrations)
            models.UniqueConstraint(fields=["id", "line", "settled_by", "reason", "resolution"], name="discrepancy_with_its_admission"),
        )
        indexes = (
            models.Index(fields=["warehouse", "-id"], name="discrepancy_of_warehouse"),
            models.Index(fields=["merchant", "-id"], name="discrepancy_of_merchant"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("CY", self.pk or 0)

    @property
    def is_open(self) -> bool:
        return self.state == DiscrepancyState.OPEN

    @property
    def ways(self) -> list[Resolution]:
        """What may become of it."""
        return [way for way in Resolution if way in RESOLUTIONS[Kind(self.kind)]]

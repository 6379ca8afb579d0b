"""Lots and the double-entry stock ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.gates.models import Clearance
from assurance.products.models import Product
from assurance.roles import Kind
from warehouse.stock.custody import NEXT, Custody

if TYPE_CHECKING:
    Rows = TypeVar("Rows", bound="models.QuerySet[models.Model]")

CUSTODY_LABELS = [
    (Custody.ARRIVAL, _("Arrival")),
    (Custody.PENDING, _("Pending inspection")),
    (Custody.RELEASED, _("Released")),
    (Custody.HELD, _("On hold")),
    (Custody.SAMPLED, _("Taken as samples")),
    (Custody.RETURNED, _("Returned to merchant")),
    (Custody.DESTROYED, _("Destroyed")),
    (Custody.SHIPPED, _("Shipped")),
]
REASONS = [
    ("received", _("Received")),
    ("accepted", _("Inspection accepted")),
    ("rejected", _("Inspection not accepted")),
    ("stopped", _("Inspection accepted, but a stop is open")),
    ("shipped", _("Handed over to the courier")),
    ("came_back", _("Came back from the customer")),
    ("sampled", _("Drawn for the laboratory")),
    ("restocked", _("Return inspection: as new")),
    ("put_aside", _("Put aside")),
    ("sent_back", _("Sent back to the merchant")),
    ("destroyed", _("Destroyed")),
    ("sorted_good", _("Sorted: in order")),
    ("resubmitted", _("Reworked: inspected again")),
    ("used_as_is", _("Used as it is, by concession")),
    ("downgraded", _("Downgraded: back to the merchant")),
    ("missing", _("Missing at a count")),
    ("found", _("Found at a count")),
]
"""Why goods moved; whoever moves them names one of these."""


def of_own_side(rows: Rows, user: User, *, warehouse: str = "warehouse_id") -> Rows:
    """Return the rows of the merchant's goods, of the goods in the user's warehouse, or all to the platform.

    ``warehouse`` is the path to the warehouse's id.
    """
    if not user.is_authenticated:
        return rows.none()
    if user.is_platform:
        return rows
    if user.organisation_kind == Kind.WAREHOUSE:
        return rows.filter(**{warehouse: user.organisation_id})
    if user.organisation_kind == Kind.MERCHANT:
        return rows.filter(merchant_id=user.organisation_id)
    return rows.none()


class LotQuerySet(models.QuerySet["Lot"]):
    def visible_to(self, user: User) -> LotQuerySet:
        """Return the merchant's own lots, the warehouse's lots, or all for the platform."""
        return of_own_side(self, user)


class Lot(models.Model):
    """Goods of one product, one production lot, in one warehouse. What it says never changes."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    number = models.CharField(_("lot number"), max_length=40)
    produced_date = models.DateField(_("production date"), null=True, blank=True)
    expiry_date = models.DateField(_("expiry date"), null=True, blank=True)
    first_received_at = models.DateTimeField()
    source = models.CharField(max_length=16, blank=True, editable=False)

    objects: ClassVar[models.Manager[Lot]] = LotQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["warehouse", "product", "number"], name="lot_once_per_warehouse"),
            models.CheckConstraint(
                condition=models.Q(expiry_date=None) | models.Q(produced_date=None) | models.Q(expiry_date__gt=models.F("produced_date")),
                name="lot_expires_after_production",
            ),
            # what refers to a lot refers to its owner too (composite foreign keys in migrations)
            models.UniqueConstraint(fields=["id", "merchant"], name="lot_with_merchant"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse", "product"], name="lot_with_place_and_product"),
        )
        indexes = (
            models.Index(fields=["merchant", "-id"], name="lot_of_merchant"),
            models.Index(fields=["warehouse", "-id"], name="lot_of_warehouse"),
        )

    def __str__(self) -> str:
        return self.number


class StockMoveQuerySet(models.QuerySet["StockMove"]):
    def visible_to(self, user: User) -> StockMoveQuerySet:
        """Return the moves of the lots the user sees."""
        return of_own_side(self, user, warehouse="lot__warehouse_id")


class StockMove(models.Model):
    """So many units of a lot from one custody to another. Never changed: a mistake is moved back.

    A move into ``released`` carries the clearance of that same lot, a move into ``shipped`` that of the parcel it left in; the
    composite foreign key from ``(clearance, clearance_kind, clearance_subject_id, clearance_verdict)`` to the clearance is in
    ``migrations`` (constraint ``move_carries_clearance``). ``parcel_id`` is a number, because parcels stand above.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="moves")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=CUSTODY_LABELS)
    target = models.CharField(max_length=12, choices=CUSTODY_LABELS)
    quantity = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    because = models.CharField(max_length=24, choices=REASONS)
    reference = models.CharField(max_length=120)
    clearance = models.ForeignKey(Clearance, models.PROTECT, null=True, blank=True, related_name="+")
    clearance_kind = models.CharField(max_length=8, null=True, blank=True)
    clearance_verdict = models.CharField(max_length=8, null=True, blank=True)
    parcel_id = models.BigIntegerField(null=True, blank=True)
    clearance_subject_id = models.GeneratedField(
        expression=Coalesce("parcel_id", "lot_id"), output_field=models.BigIntegerField(), db_persist=True
    )

    objects: ClassVar[models.Manager[StockMove]] = StockMoveQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="move_quantity_is_positive"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="move_goes_somewhere"),
            models.CheckConstraint(condition=models.Q(source__in=list(Custody), target__in=list(Custody)), name="move_custody_is_known"),
            models.CheckConstraint(
                condition=models.Q(
                    *(models.Q(source=source, target__in=sorted(targets)) for source, targets in NEXT.items() if targets),
                    _connector=models.Q.OR,
                ),
                name="move_follows_custody",
            ),
            # all three or none: one that is empty would switch the composite foreign key off
            models.CheckConstraint(
                condition=models.Q(clearance=None, clearance_kind=None, clearance_verdict=None)
                | models.Q(clearance__isnull=False, clearance_kind__isnull=False, clearance_verdict__isnull=False),
                name="move_clearance_is_whole",
            ),
            models.CheckConstraint(
                condition=~models.Q(target=Custody.RELEASED)
                | models.Q(
                    clearance__isnull=False,
                    clearance_kind__isnull=False,
                    clearance_kind="lot",
                    clearance_verdict__isnull=False,
                    clearance_verdict="released",
                ),
                name="move_to_released_needs_clearance",
            ),
            # what leaves says in which parcel, with that parcel's clearance; the parcel's opens no other way
            models.CheckConstraint(
                condition=~models.Q(target=Custody.SHIPPED)
                | models.Q(
                    parcel_id__isnull=False,
                    clearance__isnull=False,
                    clearance_kind__isnull=False,
                    clearance_kind="parcel",
                    clearance_verdict__isnull=False,
                    clearance_verdict="released",
                ),
                name="move_to_shipped_needs_parcel",
            ),
            models.CheckConstraint(
                condition=models.Q(parcel_id=None) | models.Q(target=Custody.SHIPPED) | models.Q(source=Custody.SHIPPED, clearance=None),
                name="move_with_parcel_leaves_or_comes_back",
            ),
            # a verdict on one tranche moves that tranche once and nothing else; a parcel's moves each of its lots once
            models.UniqueConstraint(fields=["clearance", "lot"], name="move_once_per_clearance"),
            # the same scan or message twice moves once
            models.UniqueConstraint(fields=["lot", "reference"], name="move_once_per_reference"),
        )
        indexes = (
            models.Index(fields=["lot", "id"], name="move_of_lot"),
            models.Index(fields=["parcel_id"], condition=models.Q(parcel_id__isnull=False), name="move_of_parcel"),
        )

    def __str__(self) -> str:
        return f"{self.source} → {self.target}: {self.quantity}"


class StockBalanceQuerySet(models.QuerySet["StockBalance"]):
    def visible_to(self, user: User) -> StockBalanceQuerySet:
        """Return the balances of the lots the user sees."""
        return self.filter(lot__in=Lot.objects.visible_to(user)) if user.is_authenticated else self.none()


class StockBalance(models.Model):
    """How many units of a lot stand in one custody: kept by a trigger on the moves, never written by the application.

    ``arrival`` is the outer account: what came in, counted negative, so that a lot's balances always add up to nothing.
    ``reserved`` of the released units are promised to orders: kept by a trigger on the allocations, never above what is there.
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="balances")
    custody = models.CharField(max_length=12, choices=CUSTODY_LABELS)
    quantity = models.IntegerField()
    reserved = models.IntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager[StockBalance]] = StockBalanceQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["lot", "custody"], name="balance_once_per_lot_and_custody"),
            models.CheckConstraint(
                condition=models.Q(custody=Custody.ARRIVAL, quantity__lte=0)
                | (~models.Q(custody=Custody.ARRIVAL) & models.Q(quantity__gte=0)),
                name="balance_is_not_negative",
            ),
            models.CheckConstraint(condition=models.Q(custody__in=list(Custody)), name="balance_custody_is_known"),
            # nobody is promised what is not there (G4), whoever writes
            models.CheckConstraint(
                condition=models.Q(reserved=0) | models.Q(custody=Custody.RELEASED, reserved__gte=0, reserved__lte=models.F("quantity")),
                name="balance_is_not_oversold",
            ),
        )

    def __str__(self) -> str:
        return f"{self.custody}: {self.quantity}"

    @property
    def available(self) -> int:
        return self.quantity - self.reserved

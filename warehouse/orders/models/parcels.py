"""What of the stock is promised to orders, and the parcels it leaves in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.gates.models import Clearance
from assurance.products.models import Product
from warehouse.orders.lifecycle import CLEARED, UNDER_WAY, AllocationState, ParcelState
from warehouse.orders.models.floor import Wave
from warehouse.orders.models.orders import Order, OrderLine
from warehouse.stock.models import SWAP_REASONS, LifeRule, Lot, of_own_side

PARCEL_STATES = [
    (ParcelState.PICKING, _("To be picked and packed")),
    (ParcelState.PACKED, _("Packed")),
    (ParcelState.CHECKED, _("Checked")),
    (ParcelState.HANDED_OVER, _("Handed over to the courier")),
    (ParcelState.CANCELLED, _("Cancelled")),
]
ALLOCATION_STATES = [
    (AllocationState.OPEN, _("Allocated")),
    (AllocationState.PICKED, _("Picked")),
    (AllocationState.SHIPPED, _("Shipped")),
    (AllocationState.FREED, _("Freed")),
]


class ParcelQuerySet(models.QuerySet["Parcel"]):
    def visible_to(self, user: User) -> ParcelQuerySet:
        """Return the merchant's own parcels, those of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)

    def under_way(self) -> ParcelQuerySet:
        """Return what stands in the warehouse."""
        return self.filter(state__in=UNDER_WAY)


class Parcel(models.Model):
    """The goods of one merchant of one order from one warehouse: what is packed, checked and handed over together.

    ``clearance`` is the outbound check's; the composite foreign key to ``(id, subject_kind, subject_id, verdict)`` is in
    ``migrations`` (constraint ``parcel_carries_clearance``). A packed parcel is open until it has passed; it is sealed when its label is
    printed, at the latest when it leaves. Weights in grams, lengths in millimetres.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="parcels")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, default=ParcelState.PICKING, choices=PARCEL_STATES)
    ship_by = models.DateTimeField(_("ship by"))
    created_at = models.DateTimeField()
    wave = models.ForeignKey(Wave, models.PROTECT, null=True, blank=True, related_name="parcels")
    picker = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    picking_at = models.DateTimeField(null=True, blank=True)
    picked_at = models.DateTimeField(null=True, blank=True)
    packed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    packed_at = models.DateTimeField(null=True, blank=True)
    estimated_weight_g = models.PositiveIntegerField(_("estimated weight"), null=True, blank=True)
    measured_weight_g = models.PositiveIntegerField(_("measured weight"), null=True, blank=True)
    length_mm = models.PositiveIntegerField(_("length"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("height"), null=True, blank=True)
    clearance = models.ForeignKey(Clearance, models.PROTECT, null=True, blank=True, related_name="+")
    clearance_kind = models.CharField(max_length=8, null=True, blank=True)
    clearance_verdict = models.CharField(max_length=8, null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)
    handed_over_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Parcel]] = ParcelQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(ParcelState)), name="parcel_state_is_known"),
            models.UniqueConstraint(
                fields=["order", "merchant", "warehouse"], condition=~models.Q(state="cancelled"), name="parcel_once_per_owner_and_place"
            ),
            models.UniqueConstraint(fields=["id", "merchant"], name="parcel_with_merchant"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="parcel_with_both_sides"),
            models.UniqueConstraint(fields=["id", "order", "merchant", "warehouse"], name="parcel_with_order_and_sides"),
            # all three or none: one that is empty would switch the composite foreign key off
            models.CheckConstraint(
                condition=models.Q(clearance=None, clearance_kind=None, clearance_verdict=None)
                | models.Q(
                    clearance__isnull=False,
                    clearance_kind__isnull=False,
                    clearance_kind="parcel",
                    clearance_verdict__isnull=False,
                    clearance_verdict="released",
                ),
                name="parcel_clearance_is_its_own",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[str(state) for state in CLEARED]) | models.Q(clearance__isnull=False),
                name="parcel_goes_out_with_clearance",
            ),
            # P7.2: the check comes first; what leaves is sealed
            models.CheckConstraint(
                condition=models.Q(sealed_at=None) | models.Q(state__in=[str(state) for state in CLEARED]),
                name="parcel_sealed_after_its_check",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="handed_over") | models.Q(sealed_at__isnull=False), name="parcel_leaves_sealed"
            ),
            models.CheckConstraint(
                condition=models.Q(state="handed_over", handed_over_at__isnull=False)
                | (~models.Q(state="handed_over") & models.Q(handed_over_at=None, delivered_at=None)),
                name="parcel_handed_over_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["picking", "cancelled"]) | models.Q(packed_by__isnull=False, packed_at__isnull=False),
                name="parcel_packed_by_somebody",
            ),
        )
        indexes = (
            models.Index(fields=["merchant", "-id"], name="parcel_of_merchant"),
            models.Index(fields=["warehouse", "-id"], name="parcel_of_warehouse"),
            models.Index(
                fields=["warehouse", "ship_by", "id"],
                condition=models.Q(state__in=[str(state) for state in UNDER_WAY]),
                name="parcel_to_work_on",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say; it is printed on the pick list."""
        return document_number("BG", self.pk or 0)

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, user: User) -> AllocationQuerySet:
        """Return what is promised of the merchant's goods, of the goods in the user's warehouse, or all to the platform."""
        return of_own_side(self, user)

    def standing(self) -> AllocationQuerySet:
        return self.exclude(state=AllocationState.FREED)


class Allocation(models.Model):
    """So many units of a lot promised to an order line. While open or picked they count as reserved in the lot's balance.

    ``life_rule`` said how much life must be left; without one the shipped table did. ``replaces`` is what a picker left lying.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="allocations")
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="allocations")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="allocations")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    state = models.CharField(max_length=8, default=AllocationState.OPEN, choices=ALLOCATION_STATES)
    at = models.DateTimeField()
    life_rule = models.ForeignKey(LifeRule, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("rule"))
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    swap_reason = models.CharField(_("why another lot"), max_length=12, blank=True, default="", db_default="", choices=SWAP_REASONS)

    objects: ClassVar[models.Manager[Allocation]] = AllocationQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(AllocationState)), name="allocation_state_is_known"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="allocation_quantity_is_positive"),
            models.UniqueConstraint(
                fields=["parcel", "line", "lot"], condition=~models.Q(state="freed"), name="allocation_once_per_line_and_lot"
            ),
            models.CheckConstraint(
                condition=models.Q(swap_reason="")
                | models.Q(swap_reason__in=[reason for reason, _label in SWAP_REASONS], replaces__isnull=False),
                name="allocation_swap_reason_is_known",
            ),
            models.UniqueConstraint(
                fields=["id", "parcel", "merchant", "warehouse", "product", "lot"], name="allocation_with_parcel_and_goods"
            ),
        )
        indexes = (models.Index(fields=["lot", "-id"], name="allocation_of_lot"),)

    def __str__(self) -> str:
        return f"{self.lot_id} × {self.quantity}"


class ParcelItemQuerySet(models.QuerySet["ParcelItem"]):
    def visible_to(self, user: User) -> ParcelItemQuerySet:
        """Return what lies in the parcels the user sees."""
        return of_own_side(self, user)


class ParcelItem(models.Model):
    """What was scanned into the parcel of one allocation. A packed parcel holds exactly what was allocated to it.

    ``serials`` are the units' own numbers where the goods carry them: of all of them or of none.
    """

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="items")
    allocation = models.OneToOneField(Allocation, models.PROTECT, related_name="item")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    serials = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    scanned_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ParcelItem]] = ParcelItemQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gte=0), name="parcel_item_quantity_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(serials__len=0) | models.Q(serials__len=models.F("quantity")), name="parcel_item_serials_are_all_or_none"
            ),
            models.UniqueConstraint(fields=["id", "parcel", "merchant", "product", "lot"], name="parcel_item_with_owner_and_goods"),
        )
        indexes = (models.Index(fields=["lot", "-id"], name="parcel_item_of_lot"),)

    def __str__(self) -> str:
        return f"{self.lot_id} × {self.quantity}"

"""Paid orders of the marketplaces, their lines, and whom they go to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.masking import masked_address, masked_name, masked_phone
from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from assurance.roles import Kind
from warehouse.orders.lifecycle import NEXT, WAITING, OrderState

if TYPE_CHECKING:
    from decimal import Decimal

ORDER_STATES = [
    (OrderState.PAID, _("Paid")),
    (OrderState.SHORT, _("Waiting for stock")),
    (OrderState.ALLOCATED, _("Stock allocated")),
    (OrderState.PACKED, _("Packed")),
    (OrderState.SHIPPED, _("Handed over to the courier")),
    (OrderState.DELIVERED, _("Delivered")),
    (OrderState.CANCELLED, _("Cancelled")),
]


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: User) -> OrderQuerySet:
        """Return the orders with the merchant's goods, those with a parcel in the user's warehouse, or all to the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        mine = user.organisation_id
        if user.organisation_kind == Kind.MERCHANT:
            return self.filter(pk__in=OrderLine.objects.filter(merchant_id=mine).values("order_id"))
        if user.organisation_kind == Kind.WAREHOUSE:
            from warehouse.orders.models.parcels import Parcel  # it stands on this module

            return self.filter(pk__in=Parcel.objects.filter(warehouse_id=mine).values("order_id"))
        return self.none()

    def waiting(self) -> OrderQuerySet:
        """Return what allocation looks at."""
        return self.filter(state__in=WAITING)


class Order(models.Model):
    """What a buyer paid on a marketplace. ``merchant`` is the first line's; a line names its own.

    ``source`` is the marketplace, for orders a merchant sends himself his own code. ``marketplace_state`` is the
    marketplace's word, kept beside ours. Clocks that run backwards are kept and named in ``clock_flags``.
    """

    source = models.CharField(_("marketplace"), max_length=24)
    number = models.CharField(_("order number"), max_length=40)
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, default=OrderState.PAID, choices=ORDER_STATES)
    marketplace_state = models.CharField(_("state at the marketplace"), max_length=24, blank=True)
    ordered_at = models.DateTimeField(_("ordered"))
    paid_at = models.DateTimeField(_("paid"))
    ship_by = models.DateTimeField(_("ship by"))
    promised_at = models.DateTimeField(_("promised to the buyer"))
    clock_flags = models.JSONField(default=list)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Order]] = OrderQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["source", "number"], name="order_once_per_source"),
            models.UniqueConstraint(fields=["id", "merchant"], name="order_with_merchant"),
            models.CheckConstraint(condition=models.Q(state__in=list(OrderState)), name="order_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state="cancelled", cancelled_at__isnull=False)
                | (~models.Q(state="cancelled") & models.Q(cancelled_at=None)),
                name="order_cancelled_has_a_time",
            ),
        )
        indexes = (
            models.Index(fields=["merchant", "-id"], name="order_of_merchant"),
            models.Index(fields=["paid_at", "id"], condition=models.Q(state__in=["paid", "short"]), name="order_waiting"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether it may still be called off, as far as its own state says."""
        return OrderState.CANCELLED in NEXT[OrderState(self.state)]


class Recipient(models.Model):
    """Whom the parcels go to. Masked wherever it is shown; in clear only for a label or by a reveal, which are written down."""

    personal_fields: ClassVar = frozenset({"name", "phone", "address"})

    order = models.OneToOneField(Order, models.PROTECT, related_name="recipient")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=24)
    province = models.CharField(_("province"), max_length=24)
    city = models.CharField(_("city"), max_length=40)
    district = models.CharField(_("district"), max_length=40, blank=True)
    address = models.CharField(max_length=160)

    class Meta:
        app_label = "warehouse"

    def __str__(self) -> str:
        return self.masked_name

    @property
    def masked_name(self) -> str:
        return masked_name(self.name)

    @property
    def masked_phone(self) -> str:
        return masked_phone(self.phone)

    @property
    def masked_address(self) -> str:
        return masked_address(self.address)

    @property
    def place(self) -> str:
        """Province, city and district: no personal data."""
        return " ".join(filter(None, (self.province, self.city, self.district)))


class OrderLineQuerySet(models.QuerySet["OrderLine"]):
    def visible_to(self, user: User) -> OrderLineQuerySet:
        """Return the merchant's own lines, those in parcels of the user's warehouse, or all to the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        mine = user.organisation_id
        if user.organisation_kind == Kind.MERCHANT:
            return self.filter(merchant_id=mine)
        if user.organisation_kind == Kind.WAREHOUSE:
            from warehouse.orders.models.parcels import Allocation  # it stands on this module

            return self.filter(pk__in=Allocation.objects.filter(warehouse_id=mine).values("line_id"))
        return self.none()


class OrderLine(models.Model):
    """So many units of one product at a price. ``allocated`` is kept by a trigger on the allocations, never above ``quantity``.

    ``badge`` is what the badge said when the order was paid.
    """

    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=2)
    freight = models.DecimalField(_("freight"), max_digits=14, decimal_places=2, default=0)
    allocated = models.PositiveIntegerField(default=0)
    badge = models.JSONField(default=dict)

    objects: ClassVar[models.Manager[OrderLine]] = OrderLineQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["order", "number"], name="order_line_once"),
            models.UniqueConstraint(fields=["id", "order", "merchant", "product"], name="order_line_with_owner_and_product"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="order_line_quantity_is_positive"),
            models.CheckConstraint(condition=models.Q(unit_price__gte=0, freight__gte=0), name="order_line_amounts_are_not_negative"),
            models.CheckConstraint(condition=models.Q(allocated__lte=models.F("quantity")), name="order_line_allocates_no_more"),
        )
        indexes = (
            models.Index(fields=["merchant", "-order"], name="order_line_of_merchant"),
            # a release asks which orders wait for this product
            models.Index(fields=["product"], condition=models.Q(allocated__lt=models.F("quantity")), name="order_line_waiting"),
        )

    def __str__(self) -> str:
        return f"{self.product_id} × {self.quantity}"

    @property
    def amount(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def missing(self) -> int:
        return self.quantity - self.allocated

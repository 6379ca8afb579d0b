"""Goods on their way in: shipment notices and receipts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.products.models import Product
from warehouse.inbound.lifecycle import Age, NoticeState, Reason
from warehouse.stock.models import Lot, of_own_side

STATE_CHOICES = [
    (NoticeState.ANNOUNCED, _("Announced")),
    (NoticeState.RECEIVING, _("Receiving")),
    (NoticeState.RECEIVED, _("Received")),
    (NoticeState.CANCELLED, _("Cancelled")),
]


class ShipmentNoticeQuerySet(models.QuerySet["ShipmentNotice"]):
    def visible_to(self, user: User) -> ShipmentNoticeQuerySet:
        """Return the merchant's own notices, those announced to the user's warehouse, or all for the platform."""
        return of_own_side(self, user)

    def expected(self) -> ShipmentNoticeQuerySet:
        return self.filter(state__in=(NoticeState.ANNOUNCED, NoticeState.RECEIVING))

    def with_units(self) -> ShipmentNoticeQuerySet:
        """Add how many units were announced, how many arrived, and of how many lots: three subqueries, whatever the length."""
        lines = ShipmentLine.objects.filter(notice=models.OuterRef("pk")).order_by().values("notice")
        receipts = Receipt.objects.filter(line__notice=models.OuterRef("pk")).order_by().values("line__notice")
        return self.annotate(
            announced_units=models.Subquery(lines.annotate(n=models.Sum("quantity")).values("n")),
            announced_lots=models.Subquery(lines.annotate(n=models.Count("pk")).values("n")),
            received_units=Coalesce(models.Subquery(receipts.annotate(n=models.Sum("quantity")).values("n")), 0),
        )


class ShipmentNotice(models.Model):
    """What a merchant announces to send (ASN)."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reference = models.CharField(_("your reference"), max_length=40)
    state = models.CharField(
        _("state"),
        max_length=12,
        default=NoticeState.ANNOUNCED,
        choices=STATE_CHOICES,
    )
    expected_date = models.DateField(_("expected on"))
    source = models.CharField(max_length=16, blank=True, editable=False)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(_("why it was closed"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[ShipmentNotice]] = ShipmentNoticeQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(NoticeState)), name="shipment_state_is_known"),
            models.UniqueConstraint(fields=["merchant", "reference"], name="shipment_reference_once_per_merchant"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse"], name="shipment_with_both_sides"),
            models.CheckConstraint(
                condition=models.Q(state__in=["announced", "receiving"], closed_at=None)
                | models.Q(state__in=["received", "cancelled"], closed_at__isnull=False),
                name="shipment_closed_when_over",
            ),
        )
        indexes = (
            models.Index(fields=["warehouse", "expected_date", "id"], name="shipment_expected"),
            models.Index(fields=["merchant", "-id"], name="shipment_of_merchant"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("RK", self.pk or 0)

    @property
    def is_expected(self) -> bool:
        return self.state in (NoticeState.ANNOUNCED, NoticeState.RECEIVING)


class ShipmentLineQuerySet(models.QuerySet["ShipmentLine"]):
    def visible_to(self, user: User) -> ShipmentLineQuerySet:
        """Return the lines of the notices the user sees."""
        return of_own_side(self, user)

    def with_received(self) -> ShipmentLineQuerySet:
        """Add how many units of each line arrived."""
        receipts = Receipt.objects.filter(line=models.OuterRef("pk")).order_by().values("line")
        return self.annotate(received_units=Coalesce(models.Subquery(receipts.annotate(n=models.Sum("quantity")).values("n")), 0))


class ShipmentLine(models.Model):
    """One product and lot of a shipment notice."""

    notice = models.ForeignKey(ShipmentNotice, models.PROTECT, related_name="lines")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot_number = models.CharField(_("lot number"), max_length=40)
    produced_date = models.DateField(_("production date"), null=True, blank=True)
    expiry_date = models.DateField(_("expiry date"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    cartons = models.PositiveIntegerField(_("cartons"), null=True, blank=True)
    is_gift = models.BooleanField(_("given away"), default=False, db_default=False)
    """Goods for a promotion: they may have used up more of their life on arrival."""

    objects: ClassVar[models.Manager[ShipmentLine]] = ShipmentLineQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipment_quantity_is_positive"),
            models.UniqueConstraint(fields=["notice", "product", "lot_number"], name="shipment_line_once"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse", "product"], name="shipment_line_with_sides_and_product"),
            models.CheckConstraint(
                condition=models.Q(expiry_date=None) | models.Q(produced_date=None) | models.Q(expiry_date__gt=models.F("produced_date")),
                name="shipment_expires_after_production",
            ),
        )

    def __str__(self) -> str:
        return f"{self.lot_number} × {self.quantity}"


class ReceiptQuerySet(models.QuerySet["Receipt"]):
    def visible_to(self, user: User) -> ReceiptQuerySet:
        """Return what arrived of the goods the user sees."""
        return of_own_side(self, user)


class Receipt(models.Model):
    """Units of one line that really arrived, counted once per message. Partial receipts add up. Never changed.

    What was expired or too old at the door carries the reason and the second person who let it in.
    """

    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="receipts")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="receipts")
    quantity = models.PositiveIntegerField(_("quantity"))
    message = models.CharField(max_length=80)
    age = models.CharField(
        _("age at the door"),
        max_length=8,
        default=Age.YOUNG,
        db_default=Age.YOUNG,
        choices=[(Age.YOUNG, _("Young enough")), (Age.TOO_OLD, _("Older than the rule allows")), (Age.EXPIRED, _("Expired"))],
    )
    admitted_under = models.ForeignKey("Discrepancy", models.PROTECT, null=True, blank=True, related_name="receipts")
    admitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    admitted_because = models.CharField(_("why it was taken in all the same"), max_length=16, blank=True, default="", db_default="")
    admission = models.GeneratedField(
        expression=models.Case(models.When(admitted_under__isnull=False, then=models.Value("admitted"))),
        output_field=models.CharField(max_length=16, null=True),
        db_persist=True,
    )
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Receipt]] = ReceiptQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="receipt_quantity_is_positive"),
            # the same message twice is one receipt (P3.5)
            models.UniqueConstraint(fields=["warehouse", "message"], name="receipt_once_per_message"),
            # old goods need a reason and a second person (P3.4); who that is, is compared with the discrepancy in migrations
            models.CheckConstraint(
                condition=models.Q(age="young", admitted_under=None, admitted_by=None, admitted_because="")
                | (
                    models.Q(age__in=["too_old", "expired"], admitted_under__isnull=False, admitted_by__isnull=False)
                    & models.Q(admitted_because__in=list(Reason))
                    & ~models.Q(admitted_by=models.F("received_by"))
                ),
                name="receipt_of_old_goods_needs_a_second_person",
            ),
        )

    def __str__(self) -> str:
        return self.message

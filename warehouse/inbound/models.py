"""Goods on their way in: shipment notices and receipts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from assurance.roles import Kind
from warehouse.inbound.lifecycle import NoticeState
from warehouse.stock.models import Lot


class ShipmentNoticeQuerySet(models.QuerySet["ShipmentNotice"]):
    def visible_to(self, user: User) -> ShipmentNoticeQuerySet:
        """Return the merchant's own notices, those announced to the user's warehouse, or all for the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        if user.organisation_kind == Kind.WAREHOUSE:
            return self.filter(warehouse_id=user.organisation_id)
        if user.organisation_kind == Kind.MERCHANT:
            return self.filter(merchant_id=user.organisation_id)
        return self.none()

    def expected(self) -> ShipmentNoticeQuerySet:
        return self.filter(state__in=(NoticeState.ANNOUNCED, NoticeState.RECEIVING))


class ShipmentNotice(models.Model):
    """What a merchant announces to send (ASN)."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    reference = models.CharField(_("your reference"), max_length=40)
    state = models.CharField(
        _("state"),
        max_length=12,
        default=NoticeState.ANNOUNCED,
        choices=[
            (NoticeState.ANNOUNCED, _("Announced")),
            (NoticeState.RECEIVING, _("Receiving")),
            (NoticeState.RECEIVED, _("Received")),
            (NoticeState.CANCELLED, _("Cancelled")),
        ],
    )
    expected_date = models.DateField(_("expected on"))
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[ShipmentNotice]] = ShipmentNoticeQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=list(NoticeState)), name="shipment_state_is_known"),
            models.UniqueConstraint(fields=["merchant", "reference"], name="shipment_reference_once_per_merchant"),
        )
        indexes = (
            models.Index(fields=["warehouse", "expected_date", "id"], name="shipment_expected"),
            models.Index(fields=["merchant", "-id"], name="shipment_of_merchant"),
        )

    def __str__(self) -> str:
        return f"RK-{self.pk:06}" if self.pk else "RK-"


class ShipmentLine(models.Model):
    """One product and lot of a shipment notice."""

    notice = models.ForeignKey(ShipmentNotice, models.PROTECT, related_name="lines")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot_number = models.CharField(_("lot number"), max_length=40)
    produced_date = models.DateField(_("production date"), null=True, blank=True)
    expiry_date = models.DateField(_("expiry date"), null=True, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    cartons = models.PositiveIntegerField(_("cartons"), null=True, blank=True)

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="shipment_quantity_is_positive"),
            models.UniqueConstraint(fields=["notice", "product", "lot_number"], name="shipment_line_once"),
            models.CheckConstraint(
                condition=models.Q(expiry_date=None)
                | models.Q(produced_date=None)
                | models.Q(expiry_date__gt=models.F("produced_date")),
                name="shipment_expires_after_production",
            ),
        )

    def __str__(self) -> str:
        return f"{self.lot_number} × {self.quantity}"


class Receipt(models.Model):
    """Units of one line that really arrived, counted once per message. Partial receipts add up."""

    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="receipts")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="receipts")
    quantity = models.PositiveIntegerField(_("quantity"))
    message = models.CharField(max_length=80)
    received_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(quantity__gt=0), name="receipt_quantity_is_positive"),
            # the same message twice is one receipt (P3.5)
            models.UniqueConstraint(fields=["warehouse", "message"], name="receipt_once_per_message"),
        )

    def __str__(self) -> str:
        return self.message

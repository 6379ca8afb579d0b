"""What couriers said happened, kept as it was said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from logistics.couriers.statuses import Incident, Party, Status
from logistics.dispatch.models import INCIDENTS, PARTIES, Waybill, of_any_side

STATUSES = [
    (Status.PICKED_UP, _("Picked up")),
    (Status.DEPARTED, _("On the way")),
    (Status.ARRIVED, _("Arrived in the city")),
    (Status.OUT_FOR_DELIVERY, _("Out for delivery")),
    (Status.AT_PICKUP_POINT, _("At the pick-up point")),
    (Status.DELIVERED, _("Delivered")),
    (Status.PROBLEM, _("Problem")),
    (Status.RETURNING, _("On the way back")),
    (Status.RETURNED, _("Returned to the sender")),
    (Status.LOST, _("Lost")),
    (Status.UNKNOWN, _("Not understood")),
]
SOURCES = [
    ("api", _("Courier's system")),
    ("scan", _("Scan by the courier")),
    ("marketplace", _("Marketplace")),
    ("replay", _("Replay")),
]


class TrackingEventQuerySet(models.QuerySet["TrackingEvent"]):
    def visible_to(self, user: User) -> TrackingEventQuerySet:
        """Return the events of the waybills the user sees."""
        return of_any_side(self, user)


class TrackingEvent(models.Model):
    """One event of a waybill, once per key of its source. Never changed; a clock that runs backwards is kept and flagged.

    ``raw_status`` is the courier's word, ``status`` ours. No person's name stands here: couriers' sentences are not taken over.
    """

    waybill = models.ForeignKey(Waybill, models.PROTECT, related_name="events")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    courier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=12, choices=SOURCES)
    source_key = models.CharField(_("key at the source"), max_length=80)
    status = models.CharField(_("status"), max_length=20, choices=STATUSES)
    raw_status = models.CharField(_("courier's word"), max_length=40)
    incident = models.CharField(_("incident"), max_length=24, choices=INCIDENTS, blank=True)
    responsible = models.CharField(_("responsible"), max_length=12, choices=PARTIES, blank=True)
    place = models.CharField(_("place"), max_length=80, blank=True)
    occurred_at = models.DateTimeField(_("happened"))
    received_at = models.DateTimeField(_("received"))
    clock_suspect = models.BooleanField(_("clock in doubt"), default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[TrackingEvent]] = TrackingEventQuerySet.as_manager()

    class Meta:
        app_label = "logistics"
        constraints = (
            models.UniqueConstraint(fields=["waybill", "source", "source_key"], name="tracking_event_once_per_key"),
            models.CheckConstraint(condition=Q(status__in=list(Status)), name="tracking_status_is_known"),
            models.CheckConstraint(condition=Q(incident="") | Q(incident__in=list(Incident)), name="tracking_incident_is_known"),
            models.CheckConstraint(
                condition=Q(incident="", responsible="") | (~Q(incident="") & Q(responsible__in=list(Party))),
                name="tracking_incident_names_a_party",
            ),
            models.CheckConstraint(condition=Q(source__in=[source for source, _label in SOURCES]), name="tracking_source_is_known"),
        )
        indexes = (models.Index(fields=["waybill", "occurred_at", "id"], name="tracking_of_waybill"),)

    def __str__(self) -> str:
        return f"{self.status} {self.occurred_at:%Y-%m-%d %H:%M}"


class DeliveryDay(models.Model):
    """The deliveries of one product on one day under one Merkle root, which stands in the evidence. Never changed.

    What is heard of after the day was closed becomes its next part.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    day_date = models.DateField(_("day"))
    part = models.PositiveSmallIntegerField(_("part"))
    size = models.PositiveIntegerField(_("deliveries"))
    root = models.CharField(_("Merkle root"), max_length=64)
    evidence_entry_id = models.BigIntegerField()
    closed_at = models.DateTimeField()

    class Meta:
        app_label = "logistics"
        constraints = (
            models.UniqueConstraint(fields=["product", "day_date", "part"], name="delivery_day_once_per_part"),
            models.UniqueConstraint(fields=["id", "merchant", "product"], name="delivery_day_with_owner_and_product"),
            models.CheckConstraint(condition=Q(size__gt=0, part__gt=0), name="delivery_day_is_not_empty"),
        )

    def __str__(self) -> str:
        return f"{self.day_date:%Y-%m-%d}"


class DeliveredGoodsQuerySet(models.QuerySet["DeliveredGoods"]):
    def visible_to(self, user: User) -> DeliveredGoodsQuerySet:
        """Return what was delivered of the parcels the user sees."""
        return of_any_side(self, user)


class DeliveredGoods(models.Model):
    """What one delivery says of one product: a leaf of its day. ``says`` is the leaf itself, in its one form. Never changed."""

    waybill = models.ForeignKey(Waybill, models.PROTECT, related_name="delivered_goods")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    courier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    delivery_day = models.ForeignKey(DeliveryDay, models.PROTECT, related_name="leaves")
    position = models.PositiveIntegerField()
    says = models.TextField()

    objects: ClassVar[models.Manager[DeliveredGoods]] = DeliveredGoodsQuerySet.as_manager()

    class Meta:
        app_label = "logistics"
        constraints = (
            models.UniqueConstraint(fields=["waybill", "product"], name="delivered_goods_once"),
            models.UniqueConstraint(fields=["delivery_day", "position"], name="delivered_goods_have_a_place"),
        )

    def __str__(self) -> str:
        return f"{self.waybill_id}/{self.product_id}"

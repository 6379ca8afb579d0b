"""Waybills, and the moment parcels leave the warehouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.gates.models import Clearance
from assurance.roles import Kind
from assurance.sentences import keep
from logistics.couriers.choosing import SENTENCES, Rule
from logistics.couriers.models import ZONES, CourierService
from logistics.couriers.statuses import Incident, Party
from logistics.couriers.zones import Zone
from logistics.dispatch.lifecycle import GIVEN_UP, ON_THE_WAY, WaybillState
from warehouse.orders.models import Parcel

if TYPE_CHECKING:
    Rows = TypeVar("Rows", bound="models.QuerySet[models.Model]")

STATES = [
    (WaybillState.REQUESTED, _("Asked for")),
    (WaybillState.CREATED, _("Booked")),
    (WaybillState.REFUSED, _("Refused by the courier")),
    (WaybillState.CANCELLED, _("Cancelled")),
    (WaybillState.HANDED_OVER, _("Handed over")),
    (WaybillState.IN_TRANSIT, _("On the way")),
    (WaybillState.OUT_FOR_DELIVERY, _("Out for delivery")),
    (WaybillState.EXCEPTION, _("Exception")),
    (WaybillState.DELIVERED, _("Delivered")),
    (WaybillState.RETURNED, _("Returned to the warehouse")),
    (WaybillState.LOST, _("Lost")),
]
keep(*SENTENCES)

RULES = [
    (Rule.CHEAPEST, _("Cheapest")),
    (Rule.FASTEST, _("Fastest")),
    (Rule.MOST_RELIABLE, _("Most punctual")),
    (Rule.FIXED, _("A certain service")),
]
INCIDENTS = [
    (Incident.RECIPIENT_ABSENT, _("Nobody there to receive it")),
    (Incident.RECIPIENT_REFUSED, _("Refused by the recipient")),
    (Incident.ADDRESS_WRONG, _("Address wrong or incomplete")),
    (Incident.DAMAGED, _("Damaged on the way")),
    (Incident.LOST_BY_COURIER, _("Lost on the way")),
    (Incident.LATE, _("Late")),
    (Incident.MISSORTED, _("Sent the wrong way")),
    (Incident.PACKAGING, _("Packaging too weak")),
    (Incident.FORBIDDEN_GOODS, _("Goods that may not be carried")),
    (Incident.WEATHER, _("Weather or closed roads")),
    (Incident.UNCLEAR, _("Reason unclear")),
]
PARTIES = [
    (Party.RECIPIENT, _("Recipient")),
    (Party.COURIER, _("Courier")),
    (Party.WAREHOUSE, _("Warehouse")),
    (Party.MERCHANT, _("Merchant")),
    (Party.NOBODY, _("Nobody")),
    (Party.UNCLEAR, _("Unclear")),
]


def of_any_side(rows: Rows, user: User) -> Rows:
    """Return the rows of the parcels the user's merchant owns, warehouse sends or courier carries, or all to the platform."""
    if not user.is_authenticated:
        return rows.none()
    if user.is_platform:
        return rows
    side = {Kind.MERCHANT: "merchant_id", Kind.WAREHOUSE: "warehouse_id", Kind.COURIER: "courier_id"}.get(Kind(user.organisation_kind))
    return rows.filter(**{side: user.organisation_id}) if side else rows.none()


class WaybillQuerySet(models.QuerySet["Waybill"]):
    def visible_to(self, user: User) -> WaybillQuerySet:
        """Return the waybills of the merchant's parcels, of the warehouse's or the courier's, or all to the platform."""
        return of_any_side(self, user)

    def live(self) -> WaybillQuerySet:
        """Return those that stand for their parcel: nobody gave them up."""
        return self.exclude(state__in=GIVEN_UP)

    def on_the_way(self) -> WaybillQuerySet:
        return self.filter(state__in=ON_THE_WAY)


class Waybill(models.Model):
    """One attempt to send a parcel with one courier. ``request_key`` is what the courier is asked with, again and again the same.

    ``alternatives`` keeps who else could have taken it and why others could not; ``fee`` is what the courier asks, not what a
    merchant pays. From hand-over on the state follows from the events.
    """

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="+")
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    courier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.ForeignKey(CourierService, models.PROTECT, related_name="waybills")
    request_key = models.CharField(max_length=40, unique=True)
    number = models.CharField(_("waybill number"), max_length=32, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=STATES, default=WaybillState.REQUESTED)
    origin_province = models.CharField(_("from"), max_length=2)
    destination_province = models.CharField(_("to"), max_length=2)
    zone = models.CharField(_("zone"), max_length=8, choices=ZONES)
    actual_weight_g = models.PositiveIntegerField(_("weight by scale, g"))
    volumetric_weight_g = models.PositiveIntegerField(_("weight by volume, g"))
    billed_weight_g = models.PositiveIntegerField(_("billed weight, g"))
    fee = models.DecimalField(_("courier's price"), max_digits=14, decimal_places=2)
    rule = models.CharField(_("rule"), max_length=16, choices=RULES)
    because = models.CharField(_("why this courier"), max_length=240)
    alternatives = models.JSONField(_("alternatives"), default=dict)
    paid_at = models.DateTimeField(_("paid"))
    promised_pickup_at = models.DateTimeField(_("pick-up promised by"))
    promised_delivery_date = models.DateField(_("delivery promised by"))
    promised_days = models.PositiveSmallIntegerField(_("days promised by the courier"))
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("asked for"))
    booked_at = models.DateTimeField(_("booked"), null=True, blank=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True, blank=True)
    picked_up_at = models.DateTimeField(_("picked up"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    last_event_at = models.DateTimeField(_("last event"), null=True, blank=True)
    late_told_at = models.DateTimeField(_("told to be late"), null=True, blank=True)
    incident = models.CharField(_("incident"), max_length=24, choices=INCIDENTS, blank=True)
    responsible = models.CharField(_("responsible"), max_length=12, choices=PARTIES, blank=True)
    is_contradictory = models.BooleanField(_("contradictory events"), default=False)
    close_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects: ClassVar[models.Manager[Waybill]] = WaybillQuerySet.as_manager()

    class Meta:
        app_label = "logistics"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(WaybillState)), name="waybill_state_is_known"),
            models.CheckConstraint(condition=Q(zone__in=list(Zone)), name="waybill_zone_is_known"),
            models.CheckConstraint(condition=Q(rule__in=list(Rule)), name="waybill_rule_is_known"),
            models.CheckConstraint(condition=Q(incident="") | Q(incident__in=list(Incident)), name="waybill_incident_is_known"),
            models.CheckConstraint(condition=Q(responsible="") | Q(responsible__in=list(Party)), name="waybill_responsible_is_known"),
            models.UniqueConstraint(fields=["parcel", "attempt"], name="waybill_once_per_attempt"),
            # a parcel travels on one waybill at a time, however often it is asked for
            models.UniqueConstraint(fields=["parcel"], condition=~Q(state__in=sorted(GIVEN_UP)), name="waybill_live_once_per_parcel"),
            models.UniqueConstraint(fields=["service", "number"], condition=~Q(number=""), name="waybill_number_once_per_service"),
            models.UniqueConstraint(fields=["id", "parcel", "merchant", "warehouse", "courier"], name="waybill_with_parcel_and_sides"),
            models.UniqueConstraint(fields=["id", "merchant", "warehouse", "courier"], name="waybill_with_sides"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "refused", "cancelled"]) | ~Q(number=""), name="waybill_booked_has_a_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "created", "refused", "cancelled"], handed_over_at=None)
                | (~Q(state__in=["requested", "created", "refused", "cancelled"]) & Q(handed_over_at__isnull=False)),
                name="waybill_left_has_a_time",
            ),
            models.CheckConstraint(condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="waybill_delivered_has_a_time"),
            models.CheckConstraint(condition=Q(billed_weight_g__gt=0, fee__gte=0, attempt__gt=0), name="waybill_weighs_something"),
        )
        indexes = (
            models.Index(fields=["merchant", "-id"], name="waybill_of_merchant"),
            models.Index(fields=["warehouse", "-id"], name="waybill_of_warehouse"),
            models.Index(fields=["courier", "-id"], name="waybill_of_courier"),
            models.Index(fields=["number"], name="waybill_by_number"),
            # the hourly look for late ones
            models.Index(
                fields=["promised_delivery_date"],
                condition=Q(late_told_at=None, state__in=sorted(ON_THE_WAY)),
                name="waybill_may_be_late",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What people say: the courier's number, or ours while there is none."""
        return self.number or document_number("YD", self.pk or 0)

    @property
    def is_on_the_way(self) -> bool:
        return self.state in ON_THE_WAY


class Manifest(models.Model):
    """What one courier service took along at one time. Never changed."""

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    courier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.ForeignKey(CourierService, models.PROTECT, related_name="+")
    parcels = models.PositiveIntegerField(_("parcels"))
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()

    class Meta:
        app_label = "logistics"
        constraints = (models.CheckConstraint(condition=Q(parcels__gt=0), name="manifest_is_not_empty"),)

    def __str__(self) -> str:
        return document_number("JJ", self.pk or 0)


class HandOverQuerySet(models.QuerySet["HandOver"]):
    def visible_to(self, user: User) -> HandOverQuerySet:
        """Return the hand-overs of the parcels the user sees."""
        return of_any_side(self, user)


class HandOver(models.Model):
    """A parcel leaves, with the clearance of that same parcel, or not at all (constraint ``hand_over_carries_clearance``)."""

    waybill = models.OneToOneField(Waybill, models.PROTECT, related_name="hand_over")
    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    courier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    manifest = models.ForeignKey(Manifest, models.PROTECT, related_name="hand_overs")
    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="+")
    clearance_kind = models.CharField(max_length=8, default="parcel")
    clearance_verdict = models.CharField(max_length=8, default="released")
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    handed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[HandOver]] = HandOverQuerySet.as_manager()

    class Meta:
        app_label = "logistics"
        constraints = (
            models.CheckConstraint(condition=Q(clearance_kind="parcel", clearance_verdict="released"), name="hand_over_is_cleared"),
        )
        indexes = (models.Index(fields=["handed_at"], name="hand_over_by_day"),)

    def __str__(self) -> str:
        return f"{self.parcel_id}"

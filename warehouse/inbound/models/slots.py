"""Times at the gate: how many shipments a warehouse takes in at once, and who comes when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.roles import Kind
from warehouse.inbound.models.notices import ShipmentNotice
from warehouse.stock.models import of_own_side


class SlotQuerySet(models.QuerySet["Slot"]):
    def visible_to(self, user: User) -> SlotQuerySet:
        """Return the slots of the user's warehouse; merchants and the platform see those of all, to choose one."""
        if not user.is_authenticated:
            return self.none()
        if user.organisation_kind == Kind.WAREHOUSE:
            return self.filter(warehouse_id=user.organisation_id)
        return self if user.is_platform or user.organisation_kind == Kind.MERCHANT else self.none()

    def free(self) -> SlotQuerySet:
        return self.filter(booked__lt=models.F("capacity"))


class Slot(models.Model):
    """A time in which a warehouse takes in so many shipments. ``booked`` follows the bookings by a trigger; nobody else writes it."""

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    capacity = models.PositiveSmallIntegerField(_("shipments at once"))
    booked = models.PositiveSmallIntegerField(_("booked"), default=0, db_default=0)

    objects: ClassVar[models.Manager[Slot]] = SlotQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="slot_ends_after_it_begins"),
            models.CheckConstraint(condition=models.Q(capacity__gt=0), name="slot_has_room"),
            models.CheckConstraint(condition=models.Q(booked__lte=models.F("capacity")), name="slot_is_not_overbooked"),
            models.UniqueConstraint(fields=["warehouse", "starts_at"], name="slot_once_per_warehouse"),
            models.UniqueConstraint(fields=["id", "warehouse"], name="slot_with_warehouse"),
        )

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def free(self) -> int:
        return self.capacity - self.booked


class BookingQuerySet(models.QuerySet["Booking"]):
    def visible_to(self, user: User) -> BookingQuerySet:
        """Return those of the merchant's own notices, of the user's warehouse, or all for the platform."""
        return of_own_side(self, user)

    def standing(self) -> BookingQuerySet:
        return self.filter(given_up_at=None)


class Booking(models.Model):
    """A notice comes in a slot, until it is given up. One stands at a time."""

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings")
    notice = models.ForeignKey(ShipmentNotice, models.PROTECT, related_name="bookings")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField()
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Booking]] = BookingQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (models.UniqueConstraint(fields=["notice"], condition=models.Q(given_up_at=None), name="booking_once_per_notice"),)

    def __str__(self) -> str:
        return f"{self.notice_id} @ {self.slot_id}"

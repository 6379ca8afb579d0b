"""Who carries parcels, where to, until when we trust him, and what he asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.roles import Kind
from logistics.couriers.billing import Band
from logistics.couriers.zones import PROVINCES, Zone

if TYPE_CHECKING:
    from datetime import date

    from assurance.accounts.models import User

ZONES = [
    (Zone.LOCAL, _("Same province")),
    (Zone.NEAR, _("Same region")),
    (Zone.MIDDLE, _("Middle distance")),
    (Zone.FAR, _("Far")),
    (Zone.REMOTE, _("Remote")),
]


class CourierServiceQuerySet(models.QuerySet["CourierService"]):
    def visible_to(self, user: User) -> CourierServiceQuerySet:
        """Return the courier's own services; all to the platform and to the warehouses and merchants whose parcels they carry."""
        if not user.is_authenticated:
            return self.none()
        if user.organisation_kind == Kind.COURIER:
            return self.filter(courier_id=user.organisation_id)
        return self if user.is_platform or user.organisation_kind in (Kind.WAREHOUSE, Kind.MERCHANT) else self.none()

    def certified(self, day: date) -> CourierServiceQuerySet:
        return self.filter(is_active=True).filter(Q(certified_until=None) | Q(certified_until__gte=day))


class CourierService(models.Model):
    """One product of a courier. ``provinces`` are the two digits of where it goes; empty is all of China."""

    courier = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=24)
    name = models.CharField(_("name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    company_code = models.CharField(_("Kuaidi100 code"), max_length=32)
    adapter = models.CharField(_("programme"), max_length=24)
    provinces = models.JSONField(_("provinces"), default=list, blank=True)
    certified_until = models.DateField(_("certified until"), null=True, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CourierService]] = CourierServiceQuerySet.as_manager()

    class Meta:
        app_label = "logistics"
        constraints = (
            models.UniqueConstraint(fields=["code"], name="courier_service_code_once"),
            models.UniqueConstraint(fields=["id", "courier"], name="courier_service_with_courier"),
            models.CheckConstraint(condition=~Q(code="") & ~Q(company_code=""), name="courier_service_has_codes"),
        )

    def __str__(self) -> str:
        return self.name

    def goes_to(self, province: str) -> bool:
        """Say whether this service reaches a province, named by its two digits."""
        return not self.provinces or province in self.provinces


class Origin(models.Model):
    """In which province a warehouse stands; parcel prices begin there."""

    warehouse = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    province = models.CharField(_("province"), max_length=2)
    updated_at = models.DateTimeField()

    class Meta:
        app_label = "logistics"
        constraints = (models.CheckConstraint(condition=Q(province__in=sorted(PROVINCES)), name="origin_province_is_known"),)

    def __str__(self) -> str:
        return PROVINCES[self.province]


class PriceVersion(models.Model):
    """What a service costs during some days; ``valid_until`` is the first day it no longer holds."""

    service = models.ForeignKey(CourierService, models.PROTECT, related_name="versions")
    name = models.CharField(_("name"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)

    class Meta:
        app_label = "logistics"
        constraints = (
            models.CheckConstraint(condition=Q(valid_until=None) | Q(valid_until__gt=F("valid_from")), name="prices_end_after_they_begin"),
            ExclusionConstraint(
                name="prices_of_one_day_are_one",
                expressions=[
                    # a range of one number: plain GiST, no extension
                    (Func(F("service"), F("service"), Value("[]"), function="INT8RANGE"), RangeOperators.OVERLAPS),
                    (Func(F("valid_from"), F("valid_until"), function="DATERANGE"), RangeOperators.OVERLAPS),
                ],
            ),
        )

    def __str__(self) -> str:
        return self.name


class PriceBand(models.Model):
    """The price of one zone. Never changed: new prices are a new version."""

    version = models.ForeignKey(PriceVersion, models.PROTECT, related_name="bands")
    zone = models.CharField(_("zone"), max_length=8, choices=ZONES)
    first_weight_g = models.PositiveIntegerField(_("first weight, g"))
    first_fee = models.DecimalField(_("first fee"), max_digits=14, decimal_places=2)
    step_weight_g = models.PositiveIntegerField(_("step, g"))
    step_fee = models.DecimalField(_("fee per step"), max_digits=14, decimal_places=2)
    days = models.PositiveSmallIntegerField(_("promised days"))

    class Meta:
        app_label = "logistics"
        constraints = (
            models.UniqueConstraint(fields=["version", "zone"], name="price_once_per_zone"),
            models.CheckConstraint(condition=Q(zone__in=list(Zone)), name="price_zone_is_known"),
            models.CheckConstraint(
                condition=Q(first_weight_g__gt=0, step_weight_g__gt=0, first_fee__gte=0, step_fee__gte=0, days__gt=0),
                name="price_is_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.zone}: {self.first_fee}"

    @property
    def band(self) -> Band:
        return Band(self.zone, self.first_weight_g, self.first_fee, self.step_weight_g, self.step_fee, self.days)

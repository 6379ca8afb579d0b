"""Which share of parcels is checked before sealing, the seeds of the days, and what the draw said of each parcel."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.gates.models import Clearance
from assurance.roles import Kind
from qc.checks.shares import ALL, TICKETS
from warehouse.orders.models import Parcel
from warehouse.stock.models import of_own_side

if TYPE_CHECKING:
    from datetime import date


class CheckShareQuerySet(models.QuerySet["CheckShare"]):
    def visible_to(self, user: User) -> CheckShareQuerySet:
        """Return the shares that concern the user's warehouse or the merchant's own goods, or all to the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        if user.organisation_kind == Kind.WAREHOUSE:
            return self.filter(Q(warehouse=None) | Q(warehouse_id=user.organisation_id))
        return self.filter(Q(merchant=None) | Q(merchant_id=user.organisation_id))


class CheckShare(models.Model):
    """So many percent of the parcels of a warehouse, a merchant, a category are checked; what is empty means all.

    Never changed: the newest counts.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(_("category"), max_length=32, blank=True)
    percent = models.PositiveSmallIntegerField(_("percent"))
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("set by"), related_name="+")
    set_at = models.DateTimeField(_("set"))

    objects: ClassVar[models.Manager[CheckShare]] = CheckShareQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lte=ALL), name="check_share_is_a_share"),
            models.CheckConstraint(condition=~Q(reason=""), name="check_share_has_a_reason"),
        )

    def __str__(self) -> str:
        return f"{self.percent} %"


class DrawDayQuerySet(models.QuerySet["DrawDay"]):
    def visible_to(self, user: User) -> DrawDayQuerySet:
        """Return the days of the user's warehouse, or all to everybody else who signs in: the draw is public."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(warehouse_id=user.organisation_id) if user.organisation_kind == Kind.WAREHOUSE else self


class DrawDay(models.Model):
    """The seed of one warehouse's draws of one day (Asia/Shanghai); only its digest is shown before the day is over."""

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    day_date = models.DateField()
    commitment = models.CharField(max_length=64)
    seed = models.CharField(max_length=64)
    begun_at = models.DateTimeField(_("begun"))

    objects: ClassVar[models.Manager[DrawDay]] = DrawDayQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["warehouse", "day_date"], name="draw_day_once"),
            models.UniqueConstraint(fields=["id", "warehouse"], name="draw_day_with_warehouse"),
        )

    def __str__(self) -> str:
        return f"{self.warehouse_id} {self.day_date}"

    def shown_seed(self, today: date) -> str:
        """Return the seed when nobody can use it any more."""
        return self.seed if self.day_date < today else ""


class ParcelDrawQuerySet(models.QuerySet["ParcelDraw"]):
    def visible_to(self, user: User) -> ParcelDrawQuerySet:
        """Return the draws of the merchant's parcels, those of the user's warehouse, or all to the platform."""
        return of_own_side(self, user)


class ParcelDraw(models.Model):
    """What the draw said of one parcel, once: checked, or spared with a clearance that says so. Never changed."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    parcel = models.OneToOneField(Parcel, models.PROTECT, related_name="+")
    day = models.ForeignKey(DrawDay, models.PROTECT, related_name="draws")
    percent = models.PositiveSmallIntegerField(_("percent"))
    ticket = models.PositiveSmallIntegerField(_("number in the draw"))
    is_drawn = models.BooleanField(_("drawn"))
    clearance = models.OneToOneField(Clearance, models.PROTECT, null=True, blank=True, related_name="+")
    drawn_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ParcelDraw]] = ParcelDrawQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.CheckConstraint(condition=Q(percent__gte=1, percent__lt=ALL, ticket__lt=TICKETS), name="parcel_draw_is_a_draw"),
            # what was drawn is checked, what was not carries the clearance that says so
            models.CheckConstraint(
                condition=Q(is_drawn=True, clearance=None, ticket__lt=F("percent") * (TICKETS // ALL))
                | Q(is_drawn=False, clearance__isnull=False, ticket__gte=F("percent") * (TICKETS // ALL)),
                name="parcel_draw_says_what_it_drew",
            ),
        )

    def __str__(self) -> str:
        return f"{self.parcel_id}: {self.ticket}"

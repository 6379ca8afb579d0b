"""What a merchant is told when he announces goods: how they will be inspected, and when they are released."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from qc.inspections.models import SEVERITIES
from warehouse.inbound.models import ShipmentLine, ShipmentNotice
from warehouse.stock.models import of_own_side


class PromiseQuerySet(models.QuerySet["Promise"]):
    def visible_to(self, user: User) -> PromiseQuerySet:
        """Return those of the merchant's own notices, of the user's warehouse, or all for the platform."""
        return of_own_side(self, user)

    def said_last(self) -> PromiseQuerySet:
        """Return what was promised last of each line."""
        later = Promise.objects.filter(line=models.OuterRef("line"), round__gt=models.OuterRef("round"))
        return self.filter(~models.Exists(later))


class Promise(models.Model):
    """What was promised of one line of a notice. Never changed: another day of arrival is another ``round``.

    ``release_at`` is empty while inspection of these goods is suspended.
    """

    notice = models.ForeignKey(ShipmentNotice, models.PROTECT, related_name="+")
    line = models.ForeignKey(ShipmentLine, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(_("which promise"), default=1)
    level = models.CharField(_("inspection level"), max_length=4)
    severity_major = models.CharField(_("severity, major defects"), max_length=10, choices=SEVERITIES)
    severity_minor = models.CharField(_("severity, minor defects"), max_length=10, choices=SEVERITIES)
    lot_size = models.PositiveIntegerField(_("units"))
    sample_size = models.PositiveIntegerField(_("sample"))
    arrival_at = models.DateTimeField(_("arrival by"))
    release_at = models.DateTimeField(_("release by"), null=True, blank=True)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Promise]] = PromiseQuerySet.as_manager()

    class Meta:
        app_label = "qc"
        constraints = (
            models.UniqueConstraint(fields=["line", "round"], name="promise_once_per_line_and_round"),
            models.CheckConstraint(
                condition=models.Q(sample_size__gt=0, sample_size__lte=models.F("lot_size")), name="promise_sample_within_lot"
            ),
            models.CheckConstraint(
                condition=models.Q(release_at=None) | models.Q(release_at__gt=models.F("arrival_at")), name="promise_release_after_arrival"
            ),
        )
        indexes = (
            # the report asks for a warehouse's promises of the last weeks
            models.Index(fields=["warehouse", "release_at"], name="promise_of_warehouse"),
            models.Index(fields=["notice", "line"], name="promise_of_notice"),
        )

    def __str__(self) -> str:
        return f"{self.line_id}/{self.round}"

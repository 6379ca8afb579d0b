"""Counting what really lies there."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assurance.accounts.models import Organisation, User
from assurance.codes import document_number
from assurance.products.models import Product
from assurance.roles import Kind
from warehouse.stock.lifecycle import CountState
from warehouse.stock.models.bins import Bin
from warehouse.stock.models.ledger import Lot

COUNT_STATES = [
    (CountState.OPEN, _("To be counted")),
    (CountState.COUNTED, _("Counted")),
    (CountState.POSTED, _("Posted")),
    (CountState.CANCELLED, _("Cancelled")),
]
COUNT_REASONS = [
    ("lost", pgettext_lazy("count", "Not to be found")),
    ("broken", pgettext_lazy("count", "Broken and thrown away")),
    ("misplaced", pgettext_lazy("count", "Put into another bin")),
    ("miscounted", pgettext_lazy("count", "Counted wrongly at the door")),
    ("unrecorded", pgettext_lazy("count", "Came back without a record")),
]


class CycleCountQuerySet(models.QuerySet["CycleCount"]):
    def visible_to(self, user: User) -> CycleCountQuerySet:
        """Return the counts of the user's warehouse, or all to the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        return self.filter(warehouse_id=user.organisation_id) if user.organisation_kind == Kind.WAREHOUSE else self.none()


class CycleCount(models.Model):
    """A round through some bins. Blind: who counts does not see what should be there."""

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=12, default=CountState.OPEN, choices=COUNT_STATES)
    is_blind = models.BooleanField(_("blind"))
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[CycleCount]] = CycleCountQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(CountState)), name="cycle_count_state_is_known"),
            models.UniqueConstraint(fields=["id", "warehouse"], name="cycle_count_with_warehouse"),
            models.CheckConstraint(
                condition=Q(state__in=["posted", "cancelled"], settled_at__isnull=False, settled_by__isnull=False)
                | (~Q(state__in=["posted", "cancelled"]) & Q(settled_at=None, settled_by=None)),
                name="cycle_count_is_settled_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["warehouse", "-id"], name="cycle_count_of_warehouse"),)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """The number people say."""
        return document_number("PD", self.pk or 0)


class CountLineQuerySet(models.QuerySet["CountLine"]):
    def visible_to(self, user: User) -> CountLineQuerySet:
        """Return the lines of the counts the user sees."""
        return self.filter(count__in=CycleCount.objects.visible_to(user)) if user.is_authenticated else self.none()


class CountLine(models.Model):
    """One lot in one bin (none is the floor). ``expected`` is what the ledger said at the moment of counting.

    ``lost`` and ``found`` are what was posted; ``found`` units came in at no door, so they count as received (``lot_adds_up``).
    """

    count = models.ForeignKey(CycleCount, models.PROTECT, related_name="lines", verbose_name=_("count"))
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="+")
    bin = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+")
    expected = models.PositiveIntegerField(_("expected"), null=True, blank=True)
    counted = models.PositiveIntegerField(_("counted"), null=True, blank=True)
    counted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("counted by"))
    counted_at = models.DateTimeField(_("counted"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=12, blank=True, choices=COUNT_REASONS)
    lost = models.PositiveIntegerField(_("missing"), default=0)
    found = models.PositiveIntegerField(_("found"), default=0)

    objects: ClassVar[models.Manager[CountLine]] = CountLineQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["count", "lot", "bin"], nulls_distinct=False, name="count_line_once"),
            models.CheckConstraint(
                condition=Q(expected=None, counted=None, counted_by=None, counted_at=None)
                | Q(expected__isnull=False, counted__isnull=False, counted_by__isnull=False, counted_at__isnull=False),
                name="count_line_is_counted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(reason="") | Q(reason__in=[one for one, _label in COUNT_REASONS]), name="count_reason_is_known"
            ),
            models.CheckConstraint(
                condition=Q(lost=0, found=0)
                | (~Q(reason="") & (Q(found=0, expected=F("counted") + F("lost")) | Q(lost=0, counted=F("expected") + F("found")))),
                name="count_line_posts_its_difference",
            ),
        )
        indexes = (models.Index(fields=["lot"], condition=Q(found__gt=0), name="count_line_found"),)

    def __str__(self) -> str:
        return f"{self.lot_id} {self.bin_id}"

    @property
    def difference(self) -> int | None:
        """Counted less expected; nothing while it is not counted."""
        return None if self.counted is None or self.expected is None else self.counted - self.expected

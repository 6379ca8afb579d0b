"""Places inside a warehouse, and the double-entry ledger of what stands in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assurance.accounts.models import Organisation, User
from assurance.products.models import Product
from assurance.roles import Kind
from warehouse.stock.models.ledger import Lot, of_own_side

if TYPE_CHECKING:
    from warehouse.stock.models.ledger import LotQuerySet

WAITING = "waiting"
"""What was not released stands in these bins, released goods in the others."""
BIN_KINDS = [("picking", _("Picking")), ("storage", _("Storage")), (WAITING, _("Not released"))]
BIN_REASONS = [
    ("put_away", _("Put away")),
    ("moved", _("Moved to another bin")),
    ("taken_out", _("Put back on the floor")),
    ("picked", pgettext_lazy("bin", "Fetched for parcels")),
    ("gone", _("Left the stock")),
    ("counted", _("Found at a count")),
]
"""Why units changed their place; whoever moves them names one of these."""


class BinQuerySet(models.QuerySet["Bin"]):
    def visible_to(self, user: User) -> BinQuerySet:
        """Return the bins of the user's warehouse, or all to the platform; merchants have nothing to do with them."""
        if not user.is_authenticated:
            return self.none()
        if user.is_platform:
            return self
        return self.filter(warehouse_id=user.organisation_id) if user.organisation_kind == Kind.WAREHOUSE else self.none()


class Bin(models.Model):
    """A place with a label: what is fetched comes from the picking bins first. What no bin holds stands on the floor.

    Picking and storage bins hold released goods, ``waiting`` ones what waits for inspection or is on hold: kept by
    ``bins_keep_released_goods_apart``.
    """

    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    code = models.CharField(_("bin"), max_length=24)
    kind = models.CharField(_("kind"), max_length=8, choices=BIN_KINDS)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager[Bin]] = BinQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["warehouse", "code"], name="bin_once_per_warehouse"),
            models.UniqueConstraint(fields=["id", "warehouse"], name="bin_with_warehouse"),
            models.CheckConstraint(condition=Q(kind__in=[kind for kind, _label in BIN_KINDS]), name="bin_kind_is_known"),
            models.CheckConstraint(condition=~Q(code=""), name="bin_has_a_code"),
        )

    def __str__(self) -> str:
        return self.code


class BinMoveQuerySet(models.QuerySet["BinMove"]):
    def visible_to(self, user: User) -> BinMoveQuerySet:
        """Return the moves of the lots the user sees."""
        return of_own_side(self, user)


class BinMove(models.Model):
    """So many units of a lot from one bin to another; no bin is the floor. Never changed: a mistake is moved back."""

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="bin_moves")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    source = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+")
    target = models.ForeignKey(Bin, models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, models.PROTECT, related_name="+")
    because = models.CharField(max_length=12, choices=BIN_REASONS)
    reference = models.CharField(max_length=160)

    objects: ClassVar[models.Manager[BinMove]] = BinMoveQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=Q(quantity__gt=0), name="bin_move_quantity_is_positive"),
            models.CheckConstraint(
                condition=Q(source__isnull=False, target=None) | Q(target__isnull=False, source=None) | ~Q(source=F("target")),
                name="bin_move_goes_somewhere",
            ),
            models.CheckConstraint(condition=Q(source__isnull=False) | Q(target__isnull=False), name="bin_move_names_a_bin"),
            # the same scan twice moves once
            models.UniqueConstraint(fields=["lot", "reference"], name="bin_move_once_per_reference"),
        )

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}: {self.quantity}"


class BinBalanceQuerySet(models.QuerySet["BinBalance"]):
    def visible_to(self, user: User) -> BinBalanceQuerySet:
        """Return what stands in bins of the lots the user sees."""
        return self.filter(lot__in=_lots(user)) if user.is_authenticated else self.none()


class BinBalance(models.Model):
    """How many units of a lot stand in one bin: kept by a trigger on the moves, never written by the application.

    All bins of a lot together never hold more than stands in the warehouse (``bins_hold_what_is_there``).
    """

    lot = models.ForeignKey(Lot, models.PROTECT, related_name="bin_balances")
    bin = models.ForeignKey(Bin, models.PROTECT, related_name="balances")
    quantity = models.IntegerField()

    objects: ClassVar[models.Manager[BinBalance]] = BinBalanceQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(fields=["lot", "bin"], name="bin_balance_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="bin_balance_is_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.bin_id}: {self.quantity}"


def _lots(user: User) -> LotQuerySet:
    return Lot.objects.visible_to(user)

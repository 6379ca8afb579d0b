"""How much life goods must have left, and the lots whose end is near."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.products.models import Category
from assurance.roles import SEES_ALL
from warehouse.stock.lifecycle import EndState
from warehouse.stock.models.ledger import Lot, of_own_side

if TYPE_CHECKING:
    from datetime import date

LIFE_PURPOSES = [("sell", _("Left when the buyer gets it")), ("watch", _("Left when somebody must act"))]
PART_OF_A_LIFE: Final = {"least": Decimal("0.000001"), "most": Decimal("0.999999")}
"""What a share of the life may be: neither none of it nor all."""
END_STATES = [(EndState.OPEN, _("To be decided")), (EndState.DONE, _("Decided"))]
END_DEEDS = [
    ("send_back", _("Send back to the merchant")),
    ("sell_cheaper", _("Sell at a lower price")),
    ("hold", _("Keep from sale")),
    ("destroy", _("Have it destroyed")),
    ("sold_out", _("Nothing is left")),
]

SWAP_REASONS = [
    ("not_found", _("Not at its place")),
    ("damaged", _("Damaged")),
    ("blocked", _("Cannot be reached")),
    ("asked_for", _("The buyer asked for a fresher one")),
]
"""Why a lot was taken that expires later than the one proposed."""


class LifeRuleQuerySet(models.QuerySet["LifeRule"]):
    def visible_to(self, user: User) -> LifeRuleQuerySet:
        """Return all: merchants and floors are bound by them."""
        return self if user.is_authenticated else self.none()

    def in_force(self, day: date) -> LifeRuleQuerySet:
        """Return the rules that have begun, the latest first."""
        return self.filter(from_date__lte=day).order_by("-from_date", "-id")


class LifeRule(models.Model):
    """So many days, or a share of the whole life up to so many days, of goods of a category on a channel. Never changed.

    An empty category is any, an empty channel too; the most telling rule that has begun counts. ``sell``: what must be left on
    the day promised to the buyer. ``watch``: what is left when a lot comes into the queue of those near their end.
    """

    purpose = models.CharField(_("meaning"), max_length=8, choices=LIFE_PURPOSES)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(_("marketplace"), max_length=24, blank=True)
    days = models.PositiveIntegerField(_("days"))
    share = models.DecimalField(_("share of the life"), max_digits=7, decimal_places=6, null=True, blank=True)
    from_date = models.DateField(_("in force from"))
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set"))

    objects: ClassVar[models.Manager[LifeRule]] = LifeRuleQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.UniqueConstraint(
                fields=["purpose", "category", "channel", "from_date"], nulls_distinct=False, name="life_rule_once_a_day"
            ),
            models.CheckConstraint(condition=Q(purpose__in=[value for value, _label in LIFE_PURPOSES]), name="life_rule_purpose_is_known"),
            models.CheckConstraint(condition=Q(share=None) | Q(share__gt=0, share__lt=1), name="life_rule_share_is_part_of_a_life"),
            models.CheckConstraint(condition=Q(purpose="sell") | Q(channel=""), name="life_rule_watches_whatever_the_channel"),
        )

    def __str__(self) -> str:
        return f"{self.purpose} {self.category_id or '*'} {self.channel or '*'}: {self.days}"


class EndingLotQuerySet(models.QuerySet["EndingLot"]):
    def visible_to(self, user: User) -> EndingLotQuerySet:
        """Return those of the merchant's goods, those in the user's warehouse, or all to the platform."""
        if user.is_authenticated and user.role in SEES_ALL:
            return self
        return of_own_side(self, user)

    def open(self) -> EndingLotQuerySet:
        return self.filter(state=EndState.OPEN)


class EndingLot(models.Model):
    """A lot near its end: who looks after it, what was decided. Once per lot."""

    lot = models.OneToOneField(Lot, models.PROTECT, related_name="ending")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    rule = models.ForeignKey(LifeRule, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=8, default=EndState.OPEN, choices=END_STATES)
    opened_at = models.DateTimeField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    owned_at = models.DateTimeField(_("taken on"), null=True, blank=True)
    deed = models.CharField(_("what is done"), max_length=16, blank=True, choices=END_DEEDS)
    note = models.CharField(_("note"), max_length=200, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[EndingLot]] = EndingLotQuerySet.as_manager()

    class Meta:
        app_label = "warehouse"
        constraints = (
            models.CheckConstraint(condition=Q(state__in=list(EndState)), name="ending_lot_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="open", deed="", decided_at=None, decided_by=None)
                | Q(state="done", deed__in=[deed for deed, _label in END_DEEDS], decided_at__isnull=False),
                name="ending_lot_is_done_by_a_deed",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(deed="sold_out") | Q(decided_by__isnull=False, decided_by=F("owner")),
                name="ending_lot_is_decided_by_its_owner",
            ),
            models.CheckConstraint(
                condition=Q(owner=None, owned_at=None) | Q(owner__isnull=False, owned_at__isnull=False), name="ending_lot_owner_has_a_time"
            ),
        )
        indexes = (models.Index(fields=["warehouse", "id"], condition=Q(state="open"), name="ending_lot_open"),)

    def __str__(self) -> str:
        return f"{self.lot_id}: {self.state}"

"""The badge of one product's lot: issued once, judged anew at every look."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.badges.validity import SOON, Status
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.gates.models import Clearance, Stop
from assurance.products.models import Product
from assurance.roles import SEES_ALL

if TYPE_CHECKING:
    from datetime import datetime


def is_stopped(at: datetime) -> Q:
    """Return the condition that an open stop covers the badge's lot, that its product is not enrolled, or that it lost its tag."""
    covering = Stop.objects.open(at).filter(
        Q(product_id=None) | Q(product_id=OuterRef("product_id")),
        Q(warehouse_id=None) | Q(warehouse_id=OuterRef("warehouse_id")),
        Q(lot_id=None) | Q(lot_id=OuterRef("lot_id")),
        merchant_id=OuterRef("merchant_id"),
    )
    fallen = Tag.objects.fallen(at).filter(product_id=OuterRef("product_id"))
    return Q(Exists(covering)) | ~Q(enrolment__state=EnrolmentState.APPROVED) | Q(Exists(fallen))


class BadgeQuerySet(models.QuerySet["Badge"]):
    def visible_to(self, user: User) -> BadgeQuerySet:
        """Return the merchant's own badges; the platform sees all. The public page finds a badge by its code instead."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(merchant_id=user.organisation_id)

    def called(self, q: str) -> BadgeQuerySet:
        """Return those whose lot number or code begins so, or whose product is called so."""
        named = Q(product__name__icontains=q) | Q(product__name_en__icontains=q)
        return self.filter(named | Q(lot_number__istartswith=q) | Q(code__istartswith=q))

    def in_status(self, status: Status, at: datetime) -> BadgeQuerySet:
        """Return those that ``validity.judge`` would find in this status at that moment."""
        revoked, stopped, over = Q(revoked_at__lte=at), is_stopped(at), Q(valid_until__lte=at)
        replaced = Q(superseded_at__lte=at)
        issued = self.filter(~revoked, issued_at__lte=at)
        return {
            Status.REVOKED: self.filter(revoked),
            Status.SUPERSEDED: issued.filter(replaced),
            Status.SUSPENDED: issued.filter(~replaced & stopped),
            Status.EXPIRED: issued.filter(~replaced & ~stopped & over),
            Status.VALID: issued.filter(~replaced & ~stopped & ~over),
            Status.NOT_YET: self.filter(~revoked, issued_at__gt=at),
        }[status]

    def current(self) -> BadgeQuerySet:
        """Return the badges that no newer one of the same lot replaced."""
        return self.filter(superseded_at=None)

    def by_concern(self, at: datetime) -> BadgeQuerySet:
        """Order by what a merchant must know first: suspended, near its end, valid, over."""
        over = Q(revoked_at__lte=at) | Q(superseded_at__lte=at) | Q(valid_until__lte=at)
        concern = models.Case(
            models.When(over, then=3), models.When(is_stopped(at), then=0), models.When(valid_until__lte=at + SOON, then=1), default=2
        )
        return self.order_by(concern, "-id")


class Badge(models.Model):
    """What was checked for one lot. Whether it is valid is never stored: ``badges.validity`` says it at read time."""

    code = models.CharField(_("badge code"), max_length=24, unique=True)
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+")
    clearance = models.ForeignKey(Clearance, models.PROTECT, related_name="+")
    lot_id = models.BigIntegerField()
    lot_number = models.CharField(max_length=40)
    warehouse = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    produced_date = models.DateField(null=True, blank=True)
    expiry_date = models.DateField(null=True, blank=True)
    received = models.PositiveIntegerField()
    inspected = models.PositiveIntegerField()
    defective = models.PositiveIntegerField()
    inspected_at = models.DateTimeField()
    sides = models.CharField(max_length=4, default="1000")
    """Which sides of the seal are proven: inbound, laboratory, outbound, returns. Never part of the judgement; jobs refine it."""
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")

    objects: ClassVar[models.Manager[Badge]] = BadgeQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(valid_until__gt=models.F("issued_at")), name="badge_ends_later"),
            models.CheckConstraint(condition=models.Q(defective__lte=models.F("inspected")), name="badge_defective_within_inspected"),
            models.CheckConstraint(condition=models.Q(sides__regex="^[01]{4}$"), name="badge_has_four_sides"),
            models.UniqueConstraint(fields=["lot_id"], condition=Q(superseded_at=None), name="badge_once_per_lot"),
            models.CheckConstraint(
                condition=Q(superseded_at=None, successor=None) | Q(superseded_at__isnull=False, successor__isnull=False),
                name="badge_superseded_and_followed",
            ),
        )

    def __str__(self) -> str:
        return self.code


class TagQuerySet(models.QuerySet["Tag"]):
    def visible_to(self, user: User) -> TagQuerySet:
        """Return the merchant's own tags; the platform sees all. The public page finds a tag by its code instead."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(merchant_id=user.organisation_id)

    def fallen(self, at: datetime) -> TagQuerySet:
        """Return the products' tags that give no badge at that moment: untagged, or warned until before it."""
        return self.filter(level=Tag.Level.PRODUCT, falls_at__lte=at)


class Tag(models.Model):
    """That a product, or a whole shop, carries the badge. Follows by itself from what is known (``badges.lifecycle``).

    ``lost`` holds the grounds that do not hold, each with its deadline; ``falls_at`` is the first of them. A public page reads
    ``falls_at`` and not the state, so that a deadline counts without anybody's work.
    """

    class Level(models.TextChoices):
        PRODUCT = "product", _("product")
        SHOP = "shop", _("shop")

    class State(models.TextChoices):
        TAGGED = "tagged", _("carries the badge")
        WARNED = "warned", _("badge at risk")
        UNTAGGED = "untagged", _("badge removed")

    level = models.CharField(max_length=8, choices=Level)
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    code = models.CharField(_("badge code"), max_length=24, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.TAGGED)
    lost = models.JSONField(default=list)
    falls_at = models.DateTimeField(null=True, blank=True)
    tagged_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Tag]] = TagQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=Q(level__in=["product", "shop"]), name="tag_level_is_known"),
            models.CheckConstraint(condition=Q(state__in=["tagged", "warned", "untagged"]), name="tag_state_is_known"),
            models.CheckConstraint(
                condition=Q(level="product", product__isnull=False) | Q(level="shop", product=None), name="tag_is_of_one"
            ),
            models.CheckConstraint(
                condition=Q(state="tagged", falls_at=None) | (~Q(state="tagged") & Q(falls_at__isnull=False)), name="tag_falls_for_a_reason"
            ),
            models.UniqueConstraint(fields=["product"], name="tag_once_per_product"),
            models.UniqueConstraint(fields=["merchant"], condition=Q(level="shop"), name="tag_once_per_shop"),
        )
        indexes = (
            # "has this product lost its badge", asked at every look
            models.Index(fields=["product", "falls_at"], condition=Q(falls_at__isnull=False), name="tag_falling"),
        )

    def __str__(self) -> str:
        return self.code

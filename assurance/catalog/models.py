"""What streamers choose from, what they chose, and which talk-sheet they were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.badges.models import Badge
from assurance.badges.validity import Status
from assurance.products.models import Category, Product
from assurance.roles import SEES_ALL, Kind, Permission

if TYPE_CHECKING:
    from datetime import date, datetime

BADGE_STATUS = (
    ("none", _("No badge yet")),
    (Status.VALID.value, _("Valid")),
    (Status.SUSPENDED.value, _("Suspended")),
    (Status.EXPIRED.value, _("Expired")),
    (Status.REVOKED.value, _("Revoked")),
)


class CatalogEntryQuerySet(models.QuerySet["CatalogEntry"]):
    def visible_to(self, user: User) -> CatalogEntryQuerySet:
        """Return what is offered to streamers; a merchant sees his own, the platform all, also what left."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        if user.organisation_kind == Kind.STUDIO:
            return self.filter(is_listed=True)
        return self.filter(merchant_id=user.organisation_id) if user.organisation_kind == Kind.MERCHANT else self.none()

    def with_valid_badge(self, at: datetime) -> CatalogEntryQuerySet:
        """Return those whose badge is valid, by the row; a page that shows one asks the badge itself."""
        return self.filter(badge_status=Status.VALID, badge_valid_until__gt=at)

    def fresh_until(self, day: date) -> CatalogEntryQuerySet:
        """Return those whose goods can be used at least until that day, or have no such date."""
        return self.filter(Q(expiry_date=None) | Q(expiry_date__gte=day))


class CatalogEntry(models.Model):
    """One enrolled product as streamers search it. Nothing here is decided: every column is copied by ``actions.refresh`` from the
    product, its badge and the facts about it, and may be made anew at any time.

    ``strength`` counts the proven sides of the seal (``sides``: inbound, laboratory, outbound, returns); ``expiry_date`` is that of
    the lot whose badge speaks for the product.
    """

    restricted_fields: ClassVar = {"commission_rate": Permission.SEE_COMMISSION}

    product = models.OneToOneField(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    specification = models.CharField(max_length=60, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    commission_rate = models.DecimalField(_("commission rate"), max_digits=12, decimal_places=6, null=True)
    is_listed = models.BooleanField(_("listed"), default=False)
    badge = models.ForeignKey(Badge, models.PROTECT, null=True, related_name="+")
    badge_status = models.CharField(_("badge"), max_length=10, choices=BADGE_STATUS, default="none")
    badge_valid_until = models.DateTimeField(null=True)
    sides = models.CharField(max_length=4, default="0000")
    strength = models.PositiveSmallIntegerField(_("badge strength"), default=0)
    sellable_units = models.PositiveIntegerField(_("units in stock"), default=0)
    expiry_date = models.DateField(_("best before"), null=True)
    warehouse = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    stock_fact_id = models.BigIntegerField(null=True)
    refreshed_at = models.DateTimeField()

    objects: ClassVar[models.Manager[CatalogEntry]] = CatalogEntryQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(
                condition=Q(badge_status__in=[code for code, _word in BADGE_STATUS]), name="catalog_badge_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(badge_status="none", badge=None, badge_valid_until=None)
                | (~Q(badge_status="none") & Q(badge__isnull=False, badge_valid_until__isnull=False)),
                name="catalog_badge_is_whole",
            ),
            models.CheckConstraint(condition=Q(strength__lte=4, sides__regex="^[01]{4}$"), name="catalog_strength_counts_four_sides"),
        )
        indexes = (
            # each order a streamer may choose, only what is offered: a page is read from the index, whatever the number of products
            models.Index(fields=["-strength", "-sellable_units", "-id"], condition=Q(is_listed=True), name="catalog_by_strength"),
            models.Index(fields=["price", "-id"], condition=Q(is_listed=True), name="catalog_by_price"),
            models.Index(fields=["-commission_rate", "-id"], condition=Q(is_listed=True), name="catalog_by_commission"),
            models.Index(fields=["-sellable_units", "-id"], condition=Q(is_listed=True), name="catalog_by_stock"),
            models.Index(fields=["-expiry_date", "-id"], condition=Q(is_listed=True), name="catalog_by_expiry"),
            # one category at a time is how most people look
            models.Index(
                fields=["category", "-strength", "-sellable_units", "-id"], condition=Q(is_listed=True), name="catalog_of_category"
            ),
            # "which valid badges have run out", asked every ten minutes
            models.Index(fields=["badge_valid_until"], condition=Q(badge_status="valid"), name="catalog_badge_ends"),
            # "which stock is newer", asked every half minute
            models.Index(fields=["-stock_fact_id"], name="catalog_by_stock_fact"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the language that is active now; the Chinese one where no other was given."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def commission_percent(self) -> str:
        """The commission as people read it, ``20%``; nothing where none is offered."""
        return "" if self.commission_rate is None else f"{(self.commission_rate * 100).normalize():f}%"


class SelectionListQuerySet(models.QuerySet["SelectionList"]):
    def visible_to(self, user: User) -> SelectionListQuerySet:
        """Return those of the user's own organisation; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(organisation_id=user.organisation_id)


class SelectionList(models.Model):
    """Products a studio means to show, under a name; everybody of the studio sees and keeps it."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    name = models.CharField(_("name of the list"), max_length=60)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager[SelectionList]] = SelectionListQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "name"], name="selection_list_name_once"),
            models.UniqueConstraint(fields=["id", "organisation"], name="selection_list_with_organisation"),
            models.CheckConstraint(condition=~Q(name=""), name="selection_list_has_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class SelectionQuerySet(models.QuerySet["Selection"]):
    def visible_to(self, user: User) -> SelectionQuerySet:
        """Return those of the user's own organisation; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(organisation_id=user.organisation_id)


class Selection(models.Model):
    """One product on a list, with the badge it was chosen under. Taking it off deletes the row; the events keep both."""

    list = models.ForeignKey(SelectionList, models.PROTECT, related_name="selections")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    entry = models.ForeignKey(CatalogEntry, models.PROTECT, related_name="+")
    badge = models.ForeignKey(Badge, models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Selection]] = SelectionQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["list", "entry"], name="selection_once_per_list"),)

    def __str__(self) -> str:
        return f"{self.list_id}: {self.entry_id}"


class TalkSheet(models.Model):
    """What might be said of a product, word for word, in one language. ``content`` is canonical JSON, ``sha256`` its fingerprint.

    Append-only and written once per wording: the same content again is the same row.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    language = models.CharField(max_length=16)
    content = models.TextField()
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        app_label = "assurance"
        constraints = (models.CheckConstraint(condition=Q(sha256__regex="^[0-9a-f]{64}$"), name="talk_sheet_has_a_fingerprint"),)

    def __str__(self) -> str:
        return self.sha256


class TalkSheetShownQuerySet(models.QuerySet["TalkSheetShown"]):
    def visible_to(self, user: User) -> TalkSheetShownQuerySet:
        """Return what people of the user's own studio were shown; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in SEES_ALL else self.filter(organisation_id=user.organisation_id)


class TalkSheetShown(models.Model):
    """That a person was shown a talk-sheet at a moment: his own proof of what he was told. Append-only."""

    sheet = models.ForeignKey(TalkSheet, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    shown_at = models.DateTimeField()

    objects: ClassVar[models.Manager[TalkSheetShown]] = TalkSheetShownQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        indexes = (
            # the versions a studio was shown of one product, newest first
            models.Index(fields=["organisation", "product", "-id"], name="talk_sheet_shown_to"),
        )

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.shown_at:%Y-%m-%d %H:%M:%S}"

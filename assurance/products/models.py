"""Categories with what they demand, and merchants' products."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.files.models import StoredFile
from assurance.roles import SEES_ALL, Kind, Permission


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, user: User) -> CategoryQuerySet:
        """Return all: what a category demands is no secret."""
        return self if user.is_authenticated else self.none()

    def for_products(self) -> CategoryQuerySet:
        """Return those that take products, not the groups above them."""
        return self.filter(children=None)


class Category(models.Model):
    """A kind of goods and what it demands. Loaded from ``data/categories``; a change is a new version of that file.

    ``required_attributes`` is a list of ``{key, kind, label_zh, label_en}`` with ``unit`` for numbers and ``choices``
    for choices; ``products.attributes`` reads it. Only a category without children takes products. ``lab_tests`` is a list of
    ``{code, label_zh, label_en, standard}``. ``lab_result_days`` says how old a laboratory's pass may be for a badge; 0: the badge
    does not wait for one.
    """

    version = models.CharField(max_length=12)
    code = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    is_perishable = models.BooleanField(default=False)
    required_attributes = models.JSONField(default=list)
    inspection_level = models.CharField(max_length=4, default="II")
    aql_major = models.CharField(max_length=6, default="2.5")
    aql_minor = models.CharField(max_length=6, default="4.0")
    lab_tests = models.JSONField(default=list)
    lab_result_days = models.PositiveSmallIntegerField(default=0)
    badge_days = models.PositiveSmallIntegerField(default=90)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Category]] = CategoryQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(
                condition=models.Q(inspection_level__in=["S-1", "S-2", "S-3", "S-4", "I", "II", "III"]),
                name="category_inspection_level_is_known",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active now."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: User) -> ProductQuerySet:
        """Return the merchant's own products; warehouses see what was announced to them; the platform sees all."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        if user.organisation_kind == Kind.MERCHANT:
            return self.filter(merchant_id=user.organisation_id)
        shared = ProductShare.objects.filter(organisation_id=user.organisation_id).values("product_id")
        return self.filter(pk__in=shared)


class Product(models.Model):
    """What a merchant sells, by its own stock-keeping number.

    ``version`` counts the changes, so that nobody overwrites what he has not seen. From ``locked_at`` on it stands
    still, because somebody reviews it or has approved it as it is.
    """

    restricted_fields: ClassVar = {"cost": Permission.SEE_COST, "commission_rate": Permission.SEE_COMMISSION}
    """Who may see them, on pages, in the API, in exports and in the change log (P22.2)."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    sku = models.CharField(_("SKU"), max_length=40)
    name = models.CharField(_("product name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    gtin = models.CharField(_("GTIN"), max_length=14, blank=True)
    no_gtin_reason = models.CharField(_("why there is no GTIN"), max_length=120, blank=True)
    specification = models.CharField(_("specification"), max_length=60, blank=True)
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    shelf_life_days = models.PositiveIntegerField(_("shelf life in days"), null=True, blank=True)
    net_weight_g = models.PositiveIntegerField(_("net weight in grams"), null=True, blank=True)
    gross_weight_g = models.PositiveIntegerField(_("packed weight in grams"), null=True, blank=True)
    length_mm = models.PositiveIntegerField(_("packed length in mm"), null=True, blank=True)
    width_mm = models.PositiveIntegerField(_("packed width in mm"), null=True, blank=True)
    height_mm = models.PositiveIntegerField(_("packed height in mm"), null=True, blank=True)
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    commission_rate = models.DecimalField(_("commission rate"), max_digits=12, decimal_places=6, null=True, blank=True)
    picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=16, blank=True, editable=False)
    """Who made the row up, if it is not a merchant's own: ``replay``, ``demo``."""
    version = models.PositiveIntegerField(default=1)
    locked_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Product]] = ProductQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["merchant", "sku"], name="product_sku_once_per_merchant"),
            models.UniqueConstraint(fields=["id", "merchant"], name="product_with_merchant"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="product_price_is_positive"),
            models.CheckConstraint(condition=models.Q(cost=None) | models.Q(cost__gte=0), name="product_cost_is_not_negative"),
            models.CheckConstraint(
                condition=models.Q(commission_rate=None) | models.Q(commission_rate__gte=0, commission_rate__lte=1),
                name="product_commission_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(gtin="") | models.Q(gtin__regex=r"^([0-9]{8}|[0-9]{12,14})$"),
                name="product_gtin_is_digits",
            ),
        )
        indexes = (models.Index(fields=["merchant", "-id"], name="product_of_merchant"),)

    def __str__(self) -> str:
        return self.name

    @property
    def shown_name(self) -> str:
        """The name in the language that is active now; the Chinese one where no other was given."""
        return self.name_en if self.name_en and (get_language() or "").startswith("en") else self.name

    @property
    def packed_size(self) -> str:
        """Length, width and height of one packed piece, or nothing if one of them is not known."""
        sides = (self.length_mm, self.width_mm, self.height_mm)
        return "" if None in sides else " × ".join(map(str, sides))

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class ProductShareQuerySet(models.QuerySet["ProductShare"]):
    def visible_to(self, user: User) -> ProductShareQuerySet:
        """Return the merchant's own, what was announced to the user's organisation, and all to the platform."""
        if not user.is_authenticated:
            return self.none()
        if user.role in SEES_ALL:
            return self
        mine = user.organisation_id
        return self.filter(models.Q(merchant_id=mine) | models.Q(organisation_id=mine))


class ProductShare(models.Model):
    """A product was announced to a warehouse (or sent to a laboratory): from now on its people see it.

    The floor that announces writes it through ``products.actions.share``; so the ground floor never asks upwards.
    """

    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    shared_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ProductShare]] = ProductShareQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["organisation", "product"], name="product_shared_once"),)

    def __str__(self) -> str:
        return f"{self.product_id} → {self.organisation_id}"

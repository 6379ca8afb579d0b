"""Categories with what they demand, and merchants' products."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.files.models import StoredFile
from assurance.roles import SEES_ALL, Kind


class Category(models.Model):
    """A kind of goods and what it demands. Loaded from ``data/categories``; a change is a new version of that file."""

    code = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    is_perishable = models.BooleanField(default=False)
    required_attributes = models.JSONField(default=list)
    inspection_level = models.CharField(max_length=4, default="II")
    aql_major = models.CharField(max_length=6, default="2.5")
    aql_minor = models.CharField(max_length=6, default="4.0")
    badge_days = models.PositiveSmallIntegerField(default=90)
    position = models.PositiveSmallIntegerField(default=0)

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
        if user.role in SEES_ALL or user.organisation_kind == Kind.WAREHOUSE:
            return self
        return self.filter(merchant_id=user.organisation_id)


class Product(models.Model):
    """What a merchant sells, by its own stock-keeping number."""

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
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=2)
    cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=2, null=True, blank=True)
    commission_rate = models.DecimalField(_("commission rate"), max_digits=12, decimal_places=6, null=True, blank=True)
    picture = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
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
            models.CheckConstraint(
                condition=models.Q(cost=None) | models.Q(cost__gte=0), name="product_cost_is_not_negative"
            ),
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

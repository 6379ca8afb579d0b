"""Categories with what they demand, and merchants' products."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation, User
from assurance.events.changes import plain
from assurance.files.models import StoredFile
from assurance.products.content import AQLS, FIELDS, LEVELS
from assurance.products.lifecycle import VersionState
from assurance.roles import SEES_ALL, Kind, Permission, Role

if TYPE_CHECKING:
    from datetime import date

VERSION_STATES = [
    (VersionState.DRAFT, _("Draft")),
    (VersionState.ACTIVE, _("Activated")),
    (VersionState.DISCARDED, _("Discarded")),
]


class CategoryQuerySet(models.QuerySet["Category"]):
    def visible_to(self, user: User) -> CategoryQuerySet:
        """Return all: what a category demands is no secret."""
        return self if user.is_authenticated else self.none()

    def for_products(self) -> CategoryQuerySet:
        """Return those that take products, not the groups above them."""
        return self.filter(children=None)

    def named(self) -> list[tuple[str, str]]:
        """Return codes with names for a list to choose from: each group, then what stands under it."""
        under: dict[int | None, list[tuple[int, str, str]]] = defaultdict(list)
        name = "name_en" if (get_language() or "").startswith("en") else "name_zh"
        for parent, *one in self.order_by("position", "id").values_list("parent_id", "id", "code", name):
            under[parent].append(tuple(one))
        return [(code, called) for top in under[None] for _pk, code, called in (top, *under[top[0]])]


class Rules(models.Model):
    """What a kind of goods demands. ``content`` says what the lists hold, ``freshness`` what ``shelf_life`` means.

    ``lab_result_days`` says how old a laboratory's pass may be for a badge; 0: the badge does not wait for one.
    ``badge_warning_days`` is how long a product keeps its badge after a ground was lost; 0: not at all. ``risk_prior`` is how
    much is suspected before anything is known, from 0 to 1.
    """

    is_perishable = models.BooleanField(default=False)
    required_attributes = models.JSONField(default=list, blank=True)
    certificates = models.JSONField(default=list, blank=True)
    labels = models.JSONField(default=list, blank=True)
    shelf_life = models.JSONField(default=dict, blank=True)
    risk_prior = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("0.20"))
    risk_reason_zh = models.CharField(max_length=60, blank=True)
    risk_reason_en = models.CharField(max_length=80, blank=True)
    inspection_level = models.CharField(max_length=4, default="II")
    aql_major = models.CharField(max_length=6, default="2.5")
    aql_minor = models.CharField(max_length=6, default="4.0")
    lab_tests = models.JSONField(default=list, blank=True)
    lab_result_days = models.PositiveSmallIntegerField(default=0)
    badge_days = models.PositiveSmallIntegerField(default=90)
    badge_warning_days = models.PositiveSmallIntegerField(default=7)

    class Meta:
        abstract = True

    def content(self) -> dict[str, Any]:
        """Return what is demanded as plain values."""
        return {name: plain(getattr(self, name)) for name in FIELDS}

    @property
    def risk_reason(self) -> str:
        return self.risk_reason_en if (get_language() or "").startswith("en") else self.risk_reason_zh


class Category(Rules):
    """A kind of goods and what it demands today: a copy of the version in force, so that lists need not look it up.

    What it demanded on another day says ``queries.rules_of``. ``version`` is the label of the version in force. Only a category without
    children takes products; only such a one has versions.
    """

    version = models.CharField(max_length=16)
    code = models.CharField(max_length=32, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager[Category]] = CategoryQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.CheckConstraint(condition=models.Q(inspection_level__in=list(LEVELS)), name="category_inspection_level_is_known"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language that is active now."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class CategoryVersionQuerySet(models.QuerySet["CategoryVersion"]):
    def visible_to(self, user: User) -> CategoryVersionQuerySet:
        """Return what is or was in force and what is coming; drafts only to those who keep the rules or look on."""
        if not user.is_authenticated:
            return self.none()
        return self if user.role in (Role.PLATFORM_ADMIN, Role.AUDITOR) else self.filter(state=VersionState.ACTIVE)

    def on(self, day: date) -> CategoryVersionQuerySet:
        """Return what is in force on a day."""
        ends_later = models.Q(effective_until=None) | models.Q(effective_until__gt=day)
        return self.filter(ends_later, state=VersionState.ACTIVE, effective_from__lte=day)


class CategoryVersion(Rules):
    """What a category demands over a period: ``effective_from`` is its first day, ``effective_until`` the first that is not covered.

    A draft may change, every time by one ``revision``; from its activation on nothing of it changes but its end, once. Versions in force
    never overlap. ``authors`` are all who wrote on the draft: none of them may activate it. What we ship has no author.
    """

    category = models.ForeignKey(Category, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=16)
    state = models.CharField(_("state"), max_length=10, default=VersionState.DRAFT, choices=VERSION_STATES)
    revision = models.PositiveIntegerField(default=1)
    effective_from = models.DateField()
    effective_until = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)
    authors = ArrayField(models.BigIntegerField(), default=list, blank=True)
    drafted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    accepted_digest = models.CharField(max_length=64, blank=True)
    accepted_count = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[models.Manager[CategoryVersion]] = CategoryVersionQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (
            models.UniqueConstraint(fields=["category", "number"], name="category_version_numbered_once"),
            models.UniqueConstraint(fields=["category", "label"], name="category_version_labelled_once"),
            models.UniqueConstraint(fields=["category"], condition=models.Q(state=VersionState.DRAFT), name="category_one_draft"),
            models.CheckConstraint(condition=models.Q(state__in=list(VersionState)), name="category_version_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=VersionState.ACTIVE, activated_at__isnull=False, accepted_count__isnull=False)
                | ~models.Q(state=VersionState.ACTIVE) & models.Q(activated_at=None, activated_by=None, effective_until=None),
                name="category_version_activated_once",
            ),
            models.CheckConstraint(
                condition=models.Q(effective_until=None) | models.Q(effective_until__gt=models.F("effective_from")),
                name="category_version_covers_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(aql_major__in=list(AQLS), aql_minor__in=list(AQLS)), name="category_version_aql_is_preferred"
            ),
            models.CheckConstraint(condition=models.Q(inspection_level__in=list(LEVELS)), name="category_version_level_is_known"),
            models.CheckConstraint(condition=models.Q(risk_prior__gte=0, risk_prior__lte=1), name="category_version_prior_is_a_share"),
        )

    def __str__(self) -> str:
        return f"{self.category.name} {self.label}"

    def is_in_force(self, day: date) -> bool:
        ends_later = self.effective_until is None or day < self.effective_until
        return self.state == VersionState.ACTIVE and self.effective_from <= day and ends_later


NOT_OF_ENTRIES: Final = ("certificates", "labels", "shelf_life", "lab_tests")
"""What a category demands beside the entries: read for every row of a list, they take longer than the row."""


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

    def with_entries_rules(self) -> ProductQuerySet:
        """Load the category too, without its wide columns that say nothing of what is entered at a product."""
        return self.select_related("category").defer(*(f"category__{name}" for name in NOT_OF_ENTRIES))


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


class ProductDraftQuerySet(models.QuerySet["ProductDraft"]):
    def visible_to(self, user: User) -> ProductDraftQuerySet:
        """Return one's own: nobody reads over another's shoulder."""
        return self.filter(person=user) if user.is_authenticated else self.none()


class ProductDraft(models.Model):
    """What somebody has typed into the form of a product and not saved yet: of a new one, or over one that stands."""

    merchant = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="+")
    values = models.JSONField()
    saved_at = models.DateTimeField()

    objects: ClassVar[models.Manager[ProductDraft]] = ProductDraftQuerySet.as_manager()

    class Meta:
        app_label = "assurance"
        constraints = (models.UniqueConstraint(fields=["person", "product"], nulls_distinct=False, name="product_draft_once_per_person"),)

    def __str__(self) -> str:
        return f"{self.person_id}/{self.product_id or 'new'}"

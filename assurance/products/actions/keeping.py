"""Keep products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.database import update_each
from assurance.events.actions import News, announce_each
from assurance.events.changes import change, first
from assurance.files.actions import share as share_files
from assurance.files.actions import store
from assurance.files.sniffing import PICTURES
from assurance.products import attributes
from assurance.products.actions import drafts
from assurance.products.models import Category, Product, ProductShare
from assurance.products.wording import FIELDS, FINDINGS
from assurance.refusals import Refused, at_place
from assurance.roles import can
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile


class VersionConflict(Refused):
    code = "version_conflict"
    message = _("Somebody else changed this product: you saw version %(seen)s, now it is version %(now)s.")


class ProductLocked(Refused):
    code = "product_locked"
    message = _("This product is under review or enrolled and cannot be changed. Withdraw the enrolment first.")


class SkuTaken(Refused):
    code = "already_exists"
    message = _("You already have a product with the SKU %(sku)s.")


explain("product_sku_once_per_merchant", code=SkuTaken.code, message=_("You already have a product with this SKU."), field="sku")


class CategoryIsGroup(Refused):
    code = "category_is_group"
    status = 400
    message = _("Choose a category inside this group.")


class BadAttribute(Refused):
    status = 400
    code = "invalid"
    message = _("An attribute is not accepted.")

    def __init__(self, flaws: list[tuple[str, str]]) -> None:
        super().__init__()
        self.flaws = flaws

    def points(self) -> list[tuple[str, str, str]]:
        return [(f"attributes.{key}", code, str(FINDINGS[code])) for key, code in self.flaws]


class FieldNotAllowed(Refused):
    code = "permission_denied"
    status = 403
    message = _("Your role does not allow you to change this field.")


@dataclass(frozen=True)
class Upload:
    """A picture as it came in."""

    data: bytes
    name: str


@dataclass(frozen=True)
class NewProduct:
    """A product to enter for the organisation of its ``actor``. ``values`` are its fields by name; ``source`` says who made it up."""

    values: Mapping[str, Any]
    actor: User
    at: datetime
    picture: Upload | None = None
    source: str = ""


def create(*, values: Mapping[str, Any], actor: User, at: datetime, picture: Upload | None = None) -> Product:
    """Enter a product of the actor's organisation. ``values`` are its fields by name.

    :raises SkuTaken, CategoryIsGroup, BadAttribute, FieldNotAllowed: nothing is kept
    """
    return create_all([NewProduct(values, actor, at, picture)])[0]


@transaction.atomic
def create_all(entries: Sequence[NewProduct]) -> list[Product]:
    """Enter many products in a handful of statements, all or none.

    :raises SkuTaken, CategoryIsGroup, BadAttribute, FieldNotAllowed: of the first that is refused; nothing is kept
    """
    taken = _skus([(one.actor.organisation_id, one.values["sku"]) for one in entries])
    groups = _groups(one.values["category"].pk for one in entries)
    products = []
    for place, entry in enumerate(entries):
        with at_place(place):
            products.append(_new(entry, taken, groups))
    Product.objects.bulk_create(products)
    drafts.end_drafts_of_new((one.actor, one.values["sku"]) for one in entries)
    announce_each(
        [
            News(
                "products.product.created",
                product,
                first(product, *(name for name in entry.values if name != "category"), "category_id"),
                entry.at,
                entry.actor,
                {"product_id": product.pk},
            )
            for entry, product in zip(entries, products, strict=True)
        ]
    )
    return products


def _new(entry: NewProduct, taken: set[tuple[int, str]], groups: frozenset[int]) -> Product:
    """Return one product as it will be saved; ``taken`` are the SKUs that stand, this one among them from now on."""
    values, actor = entry.values, entry.actor
    _check_permissions(values, actor)
    key = (actor.organisation_id, values["sku"])
    if key in taken:
        raise SkuTaken(field="sku", sku=values["sku"])
    taken.add(key)
    if values["category"].pk in groups:
        raise CategoryIsGroup(field="category")
    product = Product(
        merchant_id=actor.organisation_id, created_by=actor, created_at=entry.at, updated_at=entry.at, source=entry.source, **dict(values)
    )
    product.attributes = _attributes(product.category, values.get("attributes", {}))
    product.picture = _stored(entry.picture, actor=actor, at=entry.at)
    return product


def _skus(wanted: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return which of these SKUs their merchants have already."""
    there = Product.objects.filter(merchant_id__in={merchant for merchant, _ in wanted}, sku__in={sku for _, sku in wanted})
    return set(there.values_list("merchant_id", "sku"))


def _groups(category_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these categories are groups that take no products themselves."""
    return frozenset(Category.objects.filter(parent_id__in=set(category_ids)).values_list("parent_id", flat=True))


def update(
    *,
    product_id: int,
    values: Mapping[str, Any],
    actor: User,
    at: datetime,
    version: int | None = None,
    picture: Upload | None = None,
) -> Product:
    """Change the named fields of a product. ``version`` is the one the person saw; without it, whatever it is now.

    :raises ProductLocked: while it is reviewed or enrolled
    :raises VersionConflict: if somebody changed it meanwhile
    :raises SkuTaken, CategoryIsGroup, BadAttribute, FieldNotAllowed: nothing is changed
    """
    return update_all([ChangedProduct(product_id, values, actor, at, version, picture)])[0]


@dataclass(frozen=True)
class ChangedProduct:
    """Fields of a product to change, by name."""

    product_id: int
    values: Mapping[str, Any]
    actor: User
    at: datetime
    version: int | None = None
    picture: Upload | None = None


@transaction.atomic
def update_all(wanted: Sequence[ChangedProduct]) -> list[Product]:
    """Change many products in a handful of statements, all or none; one that says the same already keeps its version.

    :raises ProductLocked, VersionConflict, SkuTaken, CategoryIsGroup, BadAttribute, FieldNotAllowed: of the first that is refused
    """
    stored = [_stored(one.picture, actor=one.actor, at=one.at) for one in wanted]
    ids = {one.product_id for one in wanted}
    products = Product.objects.select_for_update(of=("self",)).select_related("category").order_by("pk").in_bulk(ids)
    groups = _groups(one.values["category"].pk for one in wanted if "category" in one.values)
    news, names = [], {"version", "updated_at"}
    for place, (one, file) in enumerate(zip(wanted, stored, strict=True)):
        product = products[one.product_id]
        with at_place(place):
            new = _new_values(product, one, file, groups)
        if changes := change(product, **new):
            product.version, product.updated_at = product.version + 1, one.at
            names |= new.keys()
            news.append(News("products.product.changed", product, changes, one.at, one.actor, {"product_id": product.pk}))
    if news:
        fields = sorted(name.removesuffix("_id") for name in names)
        update_each([products[one.ids["product_id"]] for one in news], fields)
        announce_each(news)
    drafts.end_drafts_of_changed((one.actor, one.product_id) for one in wanted)
    for one, file in zip(wanted, stored, strict=True):
        if file:
            _show_picture(products[one.product_id], actor=one.actor, at=one.at)
    return [products[one.product_id] for one in wanted]


def _new_values(product: Product, wanted: ChangedProduct, stored: StoredFile | None, groups: frozenset[int]) -> dict[str, Any]:
    """Return what the product's columns become, if all of it is allowed."""
    _check_permissions(wanted.values, wanted.actor)
    if product.is_locked:
        raise ProductLocked
    if wanted.version is not None and wanted.version != product.version:
        raise VersionConflict(seen=wanted.version, now=product.version)
    new = dict(wanted.values) | ({"picture_id": stored.pk} if stored else {})
    _check_sku(product, new.get("sku", product.sku))
    given = new.pop("attributes", product.attributes)
    if (category := new.pop("category", product.category)) != product.category:
        if category.pk in groups:
            raise CategoryIsGroup(field="category")
        new["category_id"] = category.pk
        given = given if "attributes" in wanted.values else attributes.kept(given, attributes.read(category.required_attributes))
    return new | {"attributes": _attributes(category, given)}


def lock(product: Product, *, actor: User | None, at: datetime) -> None:
    """Let a product stand still: somebody judges it as it is. The caller holds the row's lock."""
    lock_all([(product, actor, at)])


def lock_all(standing: Sequence[tuple[Product, User | None, datetime]]) -> None:
    """Let products stand still, each from its own moment on. The caller holds the rows' locks."""
    _set_locks([(product, at, actor, at) for product, actor, at in standing], "products.product.locked")


def unlock(product: Product, *, actor: User | None, at: datetime) -> None:
    """Let a product be changed again. The caller holds the row's lock."""
    _set_locks([(product, None, actor, at)], "products.product.unlocked")


def _set_locks(wanted: Sequence[tuple[Product, datetime | None, User | None, datetime]], kind: str) -> None:
    news = [
        News(kind, product, changes, at, actor, {"product_id": product.pk})
        for product, locked_at, actor, at in wanted
        if (changes := change(product, locked_at=locked_at))
    ]
    if news:
        update_each([product for product, *_ in wanted], ["locked_at"])
        announce_each(news)


def _check_permissions(values: Mapping[str, Any], actor: User) -> None:
    for name, permission in Product.restricted_fields.items():
        if name in values and not can(actor, permission):
            raise FieldNotAllowed(field=name)
    unknown = values.keys() - FIELDS.keys() - {"attributes"}
    if unknown or "picture" in values:
        raise ValueError(f"not a product's fields: {sorted(unknown) or 'picture'}")


def _check_sku(product: Product, sku: str) -> None:
    if sku != product.sku and Product.objects.filter(merchant_id=product.merchant_id, sku=sku).exists():
        raise SkuTaken(field="sku", sku=sku)


def _attributes(category: Category, given: Mapping[str, str]) -> dict[str, str]:
    values = {key: value.strip() for key, value in given.items() if value.strip()}
    flaws = attributes.flaws(values, attributes.read(category.required_attributes))
    if flaws:
        raise BadAttribute(flaws)
    return values


def _stored(picture: Upload | None, *, actor: User, at: datetime) -> StoredFile | None:
    if picture is None:
        return None
    return store(
        organisation=actor.organisation,
        uploaded_by=actor,
        data=picture.data,
        shown_name=picture.name,
        at=at,
        accept=PICTURES,
        field="picture",
    )


def _show_picture(product: Product, *, actor: User, at: datetime) -> None:
    """Whoever sees the product sees its new picture."""
    others = ProductShare.objects.filter(product=product).values_list("organisation_id", flat=True)
    if product.picture_id and others:
        share_files(file_ids=[product.picture_id], organisation_ids=list(others), actor=actor, at=at)

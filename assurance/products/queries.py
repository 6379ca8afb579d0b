"""What pages ask about products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import get_language, gettext

from assurance.products import attributes, completeness
from assurance.products.completeness import ATTRIBUTE, CERTIFICATE, Demands, Given
from assurance.products.models import Category, CategoryVersion, Product, ProductDraft, Rules
from assurance.products.wording import FIELDS, FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from assurance.accounts.models import User
    from assurance.products.completeness import Finding
    from assurance.products.models import ProductQuerySet

LISTED: Final = (
    *("merchant__name", "category__name_zh", "category__name_en", "category__is_perishable", "category__required_attributes"),
    *("sku", "name", "name_en", "gtin", "no_gtin_reason", "specification", "attributes", "shelf_life_days", "price", "locked_at"),
)
"""The columns of a product in a list."""


@dataclass(frozen=True)
class Lack:
    """One finding in words: at which field, what its label is, what to do."""

    field: str
    code: str
    label: str
    words: str


@dataclass(frozen=True)
class Difference:
    """One field that two people filled differently."""

    label: str
    saved: str
    typed: str


def find(user: User, *, q: str = "", category: Category | None = None) -> ProductQuerySet:
    """Return the user's products whose name holds ``q``, or whose SKU or GTIN begins with it; newest first."""
    found = Product.objects.visible_to(user).select_related("category", "merchant", "picture")
    if q:
        found = found.filter(named(q))
    if category:
        found = found.filter(Q(category=category) | Q(category__parent=category))
    return found.order_by("-id")


def listed(user: User, *, q: str = "", category: Category | None = None) -> ProductQuerySet:
    """Return the same for a list: loaded is what its rows show, and what says how much of a product is missing."""
    return find(user, q=q, category=category).select_related(None).select_related("category", "merchant").only(*LISTED)


def named(q: str) -> Q:
    """Return the condition that part of the name is ``q``, or that SKU or GTIN begin with it."""
    return Q(name__icontains=q) | Q(name_en__icontains=q) | Q(sku__istartswith=q) | Q(gtin__startswith=q)


def rules_of(category: Category, day: date) -> CategoryVersion:
    """Return the version of a category that is in force on a day in China.

    :raises CategoryVersion.DoesNotExist: for a day before the first one, and for groups, which have none
    """
    return CategoryVersion.objects.on(day).get(category=category)


def findings(product: Product) -> list[Finding]:
    """Return what the product still lacks; no query if its category is loaded."""
    return completeness.findings(given(product), demands(product.category))


def given(product: Product, *, certificates: frozenset[str] = frozenset()) -> Given:
    """Return what the rule needs to know of a product; ``certificates`` are the kinds of which it holds a valid one."""
    return Given(
        name=product.name,
        specification=product.specification,
        gtin=product.gtin,
        no_gtin_reason=product.no_gtin_reason,
        shelf_life_days=product.shelf_life_days,
        attributes=product.attributes,
        certificates=certificates,
    )


def draft_of(user: User, product: Product | None) -> ProductDraft | None:
    """Return what the user has typed about a product, or about a new one, and not saved yet."""
    return ProductDraft.objects.all().visible_to(user).filter(product=product).first()


def demands(rules: Rules, *, papers_on: date | None = None) -> Demands:
    """Return what is demanded of a product's entries; where a day is given, the papers too without which nobody passes on it."""
    day = papers_on.isoformat() if papers_on else ""
    papers = tuple(one["kind"] for one in rules.certificates if one["required"] and one.get("from_date", "") <= day) if day else ()
    return Demands(rules.is_perishable, attributes.read(rules.required_attributes), papers)


def lacks(product: Product) -> list[Lack]:
    """Return what the product still lacks, in the language that is active now."""
    return in_words(findings(product), product.category)


def in_words(found: Iterable[Finding], rules: Rules) -> list[Lack]:
    return [Lack(one.field, one.code, label(one.field, rules), str(FINDINGS[one.code])) for one in found]


def label(field: str, rules: Rules) -> str:
    """Return what a field is called, an attribute or a certificate by its category or the version of it."""
    if field.startswith(CERTIFICATE):
        return certificate_label(field.removeprefix(CERTIFICATE), rules)
    if not field.startswith(ATTRIBUTE):
        return str(FIELDS[field])
    key = field.removeprefix(ATTRIBUTE)
    known = {attribute.key: attribute for attribute in attributes.read(rules.required_attributes)}
    return known[key].label(get_language() or "") if key in known else key


def certificate_label(kind: str, rules: Rules) -> str:
    name = "label_en" if (get_language() or "").startswith("en") else "label_zh"
    return next((str(one[name]) for one in rules.certificates if one["kind"] == kind), kind)


def stated(product: Product) -> list[tuple[str, str]]:
    """Return label and value of every attribute the category asks for, as people read them."""
    language = get_language() or ""
    asked = attributes.read(product.category.required_attributes)
    return [(one.label(language), one.written(product.attributes.get(one.key, ""), language)) for one in asked]


def choices() -> list[tuple[str, object]]:
    """Return the categories that take products, by group, for a select; two queries."""
    groups: list[tuple[str, object]] = [("", gettext("Choose a category"))]
    for top in Category.objects.filter(parent=None).order_by("position", "id").prefetch_related("children"):
        below = sorted(top.children.all(), key=lambda child: (child.position, child.pk))
        groups.append((top.name, [(child.code, child.name) for child in below]) if below else (top.code, top.name))
    return groups


def differences(product_id: int, typed: Mapping[str, Any]) -> list[Difference]:
    """Return where a product as it is saved now differs from what somebody typed."""
    product = Product.objects.select_related("category").get(pk=product_id)
    old = _flat({name: getattr(product, name) for name in typed})
    new = _flat(typed)
    category = typed.get("category") or product.category
    names = [name for name in dict.fromkeys([*new, *old]) if old.get(name, "") != new.get(name, "")]
    return [Difference(label(name, category), old.get(name, ""), new.get(name, "")) for name in names]


def _flat(values: Mapping[str, Any]) -> dict[str, str]:
    """Return values as text, attributes beside the other fields."""
    plain = {name: "" if value is None else str(value) for name, value in values.items() if name != "attributes"}
    return plain | {ATTRIBUTE + key: value for key, value in values["attributes"].items() if value}

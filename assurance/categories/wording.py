"""What is wrong with a version, and what its parts are called."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

FIELDS: Final[Mapping[str, _StrPromise]] = {
    "is_perishable": _("Goods perish"),
    "required_attributes": _("Attributes"),
    "certificates": _("Certificates"),
    "labels": _("Label checklists"),
    "lab_tests": _("Laboratory tests"),
    "shelf_life": _("Shelf-life rule"),
    "risk_prior": _("Risk before anything is known"),
    "risk_reason_zh": _("Reason of the risk, Chinese"),
    "risk_reason_en": _("Reason of the risk, English"),
    "inspection_level": _("Inspection level"),
    "aql_major": _("AQL, major defects"),
    "aql_minor": _("AQL, minor defects"),
    "lab_result_days": _("Days a laboratory's pass counts"),
    "badge_days": _("Days a badge is valid at most"),
    "badge_warning_days": _("Days of warning before a badge is taken away"),
}

FLAWS: Final[Mapping[str, _StrPromise]] = {
    "required": _("This must be said."),
    "aql_not_preferred": _("“%(given)s” is not in the preferred series of GB/T 2828.1: 0.65, 1.0, 1.5, 2.5, 4.0, 6.5, 10 …"),
    "aql_stricter_than_major": _("Minor defects cannot be judged more strictly than major ones: “%(given)s” is below their AQL."),
    "invalid_choice": _("“%(given)s” is not one of the values offered."),
    "out_of_range": _("Write a whole number of days, at most ten years."),
    "prior_expected": _("Write a number from 0 to 1 with two decimals at most, like 0.25."),
    "rule_unreadable": _("This shelf-life rule cannot be read."),
    "share_expected": _("Write a share of the life like 1/3."),
    "rule_without_end": _("The last row of a shelf-life rule counts for all lives that are left."),
    "rule_out_of_order": _("The rows of a shelf-life rule must go in order, with whole days above zero."),
    "list_expected": _("A list is expected."),
    "object_expected": _("An entry with names and values is expected."),
    "too_many_items": _("At most 40 entries are accepted."),
    "named_twice": _("“%(given)s” is there twice."),
    "unknown_field": _("Nothing of this name is known here."),
    "text_expected": _("A text of the right length is expected."),
    "attribute_kind_unknown": _("“%(given)s” is not a kind of attribute: text, number and choice are."),
    "key_expected": _("“%(given)s” is no key: small letters, digits and underscores, a letter first."),
    "choices_expected": _("A choice needs its values, each once, with both names; other kinds have none."),
    "certificate_kind_unknown": _("“%(given)s” is not a kind of certificate."),
    "boolean_expected": _("Say yes or no."),
    "date_expected": _("“%(given)s” is no day: write it like 2027-03-16."),
    "items_expected": _("A label checklist needs its items, each with a code and both names."),
}
"""Codes of ``products.content.flaws`` → what to do."""

FAILS: Final[Mapping[str, _StrPromise]] = {
    "missing": _("Not stated"),
    "missing_shelf_life": _("No shelf life stated"),
    "gtin_or_reason": _("Neither a GTIN nor why there is none"),
    "missing_certificate": _("No valid certificate"),
}
"""Codes of findings as an administrator reads them about others' products; the rest reads as for the merchant."""

KINDS: Final[Mapping[str, _StrPromise]] = {"text": _("Text"), "number": _("Number"), "choice": _("Choice")}
CERTIFICATE_KINDS: Final[Mapping[str, _StrPromise]] = {
    "ccc": _("3C certificate"),
    "sc": _("Food production licence (SC)"),
    "cosmetics_filing": _("Cosmetics filing"),
    "health_food": _("Health food registration"),
    "infant_formula": _("Infant formula registration"),
    "brand_authorisation": _("Brand authorisation"),
    "test_report": _("Test report"),
    "organic": _("Organic certificate"),
    "green_food": _("Green food certificate"),
    "catch_certificate": _("Catch certificate"),
    "customs": _("Customs declaration"),
    "other": _("Other certificate"),
}


def in_language(one: Mapping[str, Any], name: str = "label") -> str:
    """Return the text that an entry says in the language that is active now."""
    return str(one.get(f"{name}_en" if (get_language() or "").startswith("en") else f"{name}_zh", ""))


def told(field: str, value: Any) -> str:
    """Return one value of a version, or one entry of its lists, as people read it; nothing if it is not there."""
    if value is None or value == {}:
        return ""
    if field == "is_perishable":
        return gettext("yes") if value else gettext("no")
    if field in ("badge_days", "badge_warning_days", "lab_result_days"):
        return ngettext("%(n)s day", "%(n)s days", value) % {"n": value}
    if not isinstance(value, dict):
        return str(value)
    return " · ".join(filter(None, [in_language(value), *TELLERS[field](value)]))


def paper_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a certificate that is asked for, as a page shows it."""
    return {"label": in_language(one), "when": in_language(one, "when"), "required": one["required"]}


def list_in_words(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a label checklist as a page shows it, with the days between which goods must have been made."""
    days = {name: date.fromisoformat(one[key]) if one.get(key) else None for name, key in (("since", "made_from"), ("until", "made_until"))}
    return {"label": in_language(one), "standard": one["standard"], "said": items_of(one), **days}


def items_of(one: Mapping[str, Any]) -> list[str]:
    name = "en" if (get_language() or "").startswith("en") else "zh"
    return [str(item[name]) for item in one["items"]]


def _of_attribute(one: Mapping[str, Any]) -> list[str]:
    choices = [str(choice["en" if (get_language() or "").startswith("en") else "zh"]) for choice in one.get("choices", ())]
    kind = str(KINDS[one["kind"]]) if one["kind"] == "number" else ""
    return [kind, one.get("unit", ""), " / ".join(choices)]


def _of_certificate(one: Mapping[str, Any]) -> list[str]:
    since = gettext("from %(day)s on") % {"day": one["from_date"]} if one.get("from_date") else ""
    return [gettext("required") if one["required"] else gettext("where it applies"), since, in_language(one, "when")]


def _of_label(one: Mapping[str, Any]) -> list[str]:
    return [one["standard"], one.get("made_from", ""), one.get("made_until", ""), ", ".join(items_of(one))]


def _of_test(one: Mapping[str, Any]) -> list[str]:
    return [one["standard"]]


def _of_shelf_life(rule: Mapping[str, Any]) -> list[str]:
    return [*inbound_in_words(rule), *near_in_words(rule)]


TELLERS: Final = {
    "required_attributes": _of_attribute,
    "certificates": _of_certificate,
    "labels": _of_label,
    "lab_tests": _of_test,
    "shelf_life": _of_shelf_life,
}


def inbound_in_words(rule: Mapping[str, Any]) -> list[str]:
    """Return how old goods may be when they arrive, row by row."""
    found = []
    for row in rule["inbound"]:
        age = gettext("at most %(age)s of it used up") % {"age": row["age"]}
        life = row.get("life_to")
        found.append(gettext("up to %(days)s days of life: %(age)s") % {"days": life, "age": age} if life else age)
    return [*found, gettext("gifts: at most %(age)s") % {"age": rule["gift"]}]


def near_in_words(rule: Mapping[str, Any]) -> list[str]:
    """Return how long before the expiry date goods count as near their end, row by row."""
    found = []
    for row in rule["near"]:
        if "days" in row:
            last = ngettext("the last %(n)s day", "the last %(n)s days", row["days"]) % {"n": row["days"]}
        else:
            last = gettext("the last %(share)s, at most %(n)s days") % {"share": row["share"], "n": row["most_days"]}
        life = row.get("life_from")
        found.append(gettext("from %(days)s days of life: %(last)s") % {"days": life, "last": last} if life else last)
    return found

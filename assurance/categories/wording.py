"""What is wrong with a version, and what its parts are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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
    "badge_days": _("Days a badge is valid"),
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

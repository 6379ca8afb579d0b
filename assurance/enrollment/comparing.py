"""A submission beside the one before it, in words (P1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from assurance.enrollment import snapshot
from assurance.enrollment.difference import Difference, between
from assurance.enrollment.queries import in_words, named
from assurance.products.models import Category
from assurance.products.queries import label

if TYPE_CHECKING:
    from assurance.enrollment.models import Enrolment


@dataclass(frozen=True)
class Changed:
    """One changed field or file with its name; of files, the first twelve characters of their fingerprint."""

    label: str
    before: str
    after: str
    is_file: bool


def differences(enrolment: Enrolment) -> list[Difference]:
    """Return what the last submission changed against the one before it; nothing at the first. One query."""
    latest = list(enrolment.submissions.order_by("-id").values_list("snapshot", flat=True)[:2])
    return between(latest[1], latest[0]) if len(latest) > 1 else []


def changed(enrolment: Enrolment) -> list[Changed]:
    """Return the differences as people read them. One query, two more if the category was changed."""
    return [_in_words(one, enrolment.product.category) for one in differences(enrolment)]


def _in_words(one: Difference, category: Category) -> Changed:
    if one.is_file:
        return Changed(_name_of_file(one.field, category), one.before[:12], one.after[:12], one.is_file)
    before, after = (_value(one.field, value, category) for value in (one.before, one.after))
    return Changed(named(one.field, category), before, after, one.is_file)


def _value(field: str, value: str, category: Category) -> str:
    if not value:
        return ""
    if field == "category":
        category = Category.objects.filter(code=value).first() or category
    return in_words({field: value}, category)[field]


def _name_of_file(field: str, category: Category) -> str:
    if field.startswith(snapshot.CERTIFICATE):
        return gettext("Certificate %(number)s") % {"number": field.removeprefix(snapshot.CERTIFICATE)}
    if snapshot.claim_of(field):
        return gettext("Paper under %(claim)s") % {"claim": named(field, category)}
    return label(field, category)

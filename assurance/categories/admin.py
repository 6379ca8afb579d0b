"""Versions of categories in the back office, to be read."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.categories.models import CategoryConcern
from assurance.products.models import CategoryVersion


class CategoryVersionTable(back_office.Shown):
    noun, nouns = _("version of a category"), _("versions of categories")
    columns = ("category", "label", "state", "effective_from", "effective_until", "drafted_at", "activated_by", "activated_at")
    rows = ("number", "revision", "note", "changed_at", "accepted_count")
    list_filter = ("state",)


class CategoryConcernTable(back_office.Shown):
    noun, nouns = _("product that a version hits"), _("products that versions hit")
    columns = ("version", "product", "merchant", "accepted_at")


back_office.tables([(CategoryVersion, CategoryVersionTable), (CategoryConcern, CategoryConcernTable)])

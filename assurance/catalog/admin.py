"""The catalogue in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.catalog.models import CatalogEntry, SelectionList, TalkSheetShown


class EntryTable(back_office.Shown):
    noun, nouns = _("entry of the catalogue"), _("entries of the catalogue")
    columns = ("name", "merchant", "is_listed", "badge_status", "strength", "sellable_units", "price", "refreshed_at")
    rows = ("category", "badge_valid_until", "expiry_date", "warehouse")
    search_fields = ("name", "name_en")


class ListTable(back_office.Shown):
    noun, nouns = _("list"), _("lists")
    columns = ("name", "organisation", "created_by", "created_at")
    search_fields = ("name",)


class ShownTable(back_office.Shown):
    noun, nouns = _("talk-sheet shown"), _("talk-sheets shown")
    columns = ("product", "organisation", "person", "shown_at", "sheet")


back_office.tables([(CatalogEntry, EntryTable), (SelectionList, ListTable), (TalkSheetShown, ShownTable)])

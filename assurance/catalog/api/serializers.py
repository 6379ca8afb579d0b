"""The catalogue as JSON."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from assurance.advertising import LONGEST
from assurance.catalog.models import CatalogEntry, SelectionList, TalkSheetShown
from assurance.catalog.queries import Shown
from assurance.catalog.scripts import Checked, Note
from assurance.claims.models import ClaimStatus
from assurance.roles import can
from assurance.web.serializers import StrictSerializer, StrictTextField, VisibleListField
from assurance.web.shown import ShownRow


class ProvenOut(serializers.Serializer[ClaimStatus]):
    """A claim that is shown, because evidence shows it."""

    text = serializers.CharField(source="claim.text")
    status = serializers.CharField()


class ShownOut(serializers.Serializer[Shown]):
    """One product of the catalogue, its badge judged in this very moment."""

    id = serializers.IntegerField(source="entry.pk")
    product = serializers.IntegerField(source="entry.product_id")
    merchant = serializers.CharField(source="entry.merchant.name")
    name = serializers.CharField(source="entry.name")
    name_en = serializers.CharField(source="entry.name_en")
    specification = serializers.CharField(source="entry.specification")
    category = serializers.CharField(source="entry.category.code")
    price = serializers.DecimalField(source="entry.price", max_digits=14, decimal_places=2)
    commission_rate = serializers.DecimalField(source="entry.commission_rate", max_digits=12, decimal_places=6, allow_null=True)
    badge = serializers.CharField(source="code", help_text="The public code of the badge, or nothing.")
    badge_status = serializers.SerializerMethodField()
    sides = serializers.CharField(help_text="Proven sides: inbound, laboratory, outbound, returns.")
    at_most_percent = serializers.SerializerMethodField()
    sellable_units = serializers.IntegerField(source="entry.sellable_units")
    expiry_date = serializers.DateField(source="entry.expiry_date", allow_null=True)
    ships_from = serializers.CharField(source="entry.warehouse.name", allow_null=True, default=None)
    may_be_chosen = serializers.BooleanField()
    obstacle = serializers.CharField(source="standing.obstacle", help_text="Why it cannot be chosen, as a code; empty if it can.")
    because = serializers.CharField(source="obstacle")
    until = serializers.DateTimeField(source="standing.until", allow_null=True)
    claims = ProvenOut(many=True)

    def get_badge_status(self, one: Shown) -> str:
        return str(one.found.validity.status) if one.found else "none"

    def get_at_most_percent(self, one: Shown) -> str | None:
        return None if one.at_most_percent is None else f"{one.at_most_percent:.1f}"

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        request = self.context.get("request")
        hidden = {name for name, right in CatalogEntry.restricted_fields.items() if request and not can(request.user, right)}
        return {name: field for name, field in fields.items() if name not in hidden}


class ListOut(ShownRow[SelectionList]):
    products = serializers.SerializerMethodField()

    class Meta:
        model = SelectionList
        fields = ("id", "name", "created_at", "products")
        read_only_fields = fields

    def get_products(self, selection_list: SelectionList) -> list[int]:
        """Return the catalogue's ids of what stands on the list."""
        return sorted(selection.entry_id for selection in selection_list.selections.all())


class NameIn(StrictSerializer):
    name = StrictTextField(max_length=60)


class EntriesIn(StrictSerializer):
    """Which products of the catalogue, by their ids there."""

    entries = VisibleListField(CatalogEntry)


class ScriptIn(StrictSerializer):
    script = StrictTextField(max_length=LONGEST, several_lines=True)


class NoteOut(serializers.Serializer[Note]):
    """One finding; ``start`` and ``end`` count characters of the script as it was read (trimmed, NFC)."""

    start = serializers.IntegerField()
    end = serializers.IntegerField()
    words = serializers.CharField()
    rule = serializers.CharField()
    level = serializers.ChoiceField(choices=["high", "medium", "low"])
    name = serializers.CharField()
    basis = serializers.CharField()
    advice = serializers.CharField()
    would_support = serializers.CharField()


class CheckedOut(serializers.Serializer[Checked]):
    rules_version = serializers.CharField(source="version")
    findings = NoteOut(source="notes", many=True)


class TalkSheetOut(ShownRow[TalkSheetShown]):
    """A talk-sheet as it was shown: the moment, and the content word for word with its fingerprint."""

    sha256 = serializers.CharField(source="sheet.sha256")
    language = serializers.CharField(source="sheet.language")
    content = serializers.SerializerMethodField()

    class Meta:
        model = TalkSheetShown
        fields = ("id", "product", "shown_at", "sha256", "language", "content")
        read_only_fields = fields

    def get_content(self, shown: TalkSheetShown) -> dict[str, Any]:
        return dict(json.loads(shown.sheet.content))

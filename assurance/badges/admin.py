"""Badges in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.badges.models import Badge, Tag


class BadgeTable(back_office.Shown):
    noun, nouns = _("badge"), _("badges")
    columns = ("code", "product", "merchant", "lot_number", "warehouse", "issued_at", "valid_until", "revoked_at")
    rows = (
        "enrolment",
        "clearance",
        "produced_date",
        "expiry_date",
        "received",
        "inspected",
        "defective",
        "inspected_at",
        "revoked_reason",
        "superseded_at",
        "successor",
    )
    search_fields = ("code", "lot_number")


class TagTable(back_office.Shown):
    noun, nouns = _("badge of a product or shop"), _("badges of products and shops")
    columns = ("code", "level", "merchant", "product", "state", "falls_at", "changed_at")
    rows = ("lost", "tagged_at")
    search_fields = ("code",)


back_office.tables([(Badge, BadgeTable), (Tag, TagTable)])

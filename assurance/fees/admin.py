"""Prices, operations, lines, postings and statements in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.fees.models import CreditNote, Dispute, FeeLine, Operation, Posting, Rate, RateCard, RatingDue, Statement


class RateCardTable(back_office.Shown):
    noun, nouns = _("rate card"), _("rate cards")
    columns = ("version", "from_date", "is_example", "loaded_at")
    rows = ("title_zh", "title_en", "note_zh", "note_en")


class RateTable(back_office.Shown):
    noun, nouns = _("rate"), _("rates")
    columns = ("card", "kind", "method", "from_date", "until_date")
    rows = ("terms",)
    list_filter = ("kind",)


class OperationTable(back_office.Shown):
    noun, nouns = _("metered operation"), _("metered operations")
    columns = ("kind", "merchant", "source_kind", "source_id", "quantity", "at")
    rows = ("measures", "metered_at")
    list_filter = ("kind",)


class RatingDueTable(back_office.Shown):
    noun, nouns = _("operation without a price"), _("operations without a price")
    columns = ("operation", "merchant", "because", "tried_at")


class StatementTable(back_office.Shown):
    noun, nouns = _("statement"), _("statements")
    columns = ("merchant", "month", "state", "total", "line_count", "finalised_at")
    rows = ("opened_at", "finalised_by")
    list_filter = ("state",)


class FeeLineTable(back_office.Shown):
    noun, nouns = _("fee line"), _("fee lines")
    columns = ("kind", "merchant", "statement", "amount", "at")
    rows = ("operation", "rate", "formula", "rated_at")
    list_filter = ("kind",)


class PostingTable(back_office.Shown):
    noun, nouns = _("posting"), _("postings")
    columns = ("at", "merchant", "statement", "kind", "account", "amount")
    rows = ("currency", "line", "credit_note")
    list_filter = ("account",)


class DisputeTable(back_office.Shown):
    noun, nouns = _("dispute"), _("disputes")
    columns = ("merchant", "line", "state", "opened_at", "due_at", "decided_at")
    rows = ("reason", "opened_by", "answer", "decided_by")
    list_filter = ("state",)


class CreditNoteTable(back_office.Shown):
    noun, nouns = _("credit note"), _("credit notes")
    columns = ("merchant", "line", "statement", "amount", "issued_at")
    rows = ("dispute", "reason", "issued_by")


back_office.tables(
    [
        (RateCard, RateCardTable),
        (Rate, RateTable),
        (Operation, OperationTable),
        (RatingDue, RatingDueTable),
        (Statement, StatementTable),
        (FeeLine, FeeLineTable),
        (Posting, PostingTable),
        (Dispute, DisputeTable),
        (CreditNote, CreditNoteTable),
    ]
)

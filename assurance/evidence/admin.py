"""The ledger in the back office: entries, their places in the log, checkpoints, facts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from assurance.evidence.models import Checkpoint, EvidenceEntry, Fact, LogPlace


class EvidenceEntryTable(back_office.Shown):
    noun, nouns = _("evidence entry"), _("evidence entries")
    columns = ("recorded_at", "kind", "organisation_id", "product_id", "lot_id", "actor_id")
    search_fields = ("kind", "=product_id", "=lot_id")


class LogPlaceTable(back_office.Shown):
    noun, nouns = _("place in the log"), _("places in the log")
    columns = ("seq", "source", "source_id", "product_id", "product_seq")
    search_fields = ("=seq", "=source_id")


class CheckpointTable(back_office.Shown):
    noun, nouns = _("checkpoint"), _("checkpoints")
    columns = ("number", "size", "at")
    rows = ("note",)


class FactTable(back_office.Shown):
    noun, nouns = _("fact"), _("facts")
    columns = ("name", "subject_kind", "subject_id", "value", "unit", "sample_size", "as_of", "recorded_at")
    search_fields = ("name", "=subject_id")


back_office.tables([(EvidenceEntry, EvidenceEntryTable), (LogPlace, LogPlaceTable), (Checkpoint, CheckpointTable), (Fact, FactTable)])

"""Promises in the back office."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assurance import back_office
from qc.promises.models import Promise


class PromiseTable(back_office.Shown):
    noun, nouns = _("promise"), _("promises")
    columns = ("notice", "line", "round", "level", "sample_size", "arrival_at", "release_at", "warehouse", "made_at")
    rows = ("merchant", "product", "severity_major", "severity_minor", "lot_size")


back_office.tables([(Promise, PromiseTable)])

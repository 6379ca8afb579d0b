"""Keep the catalogue of defects: versions are added, nothing is ever changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from assurance.events.actions import announce_all
from assurance.events.changes import first
from qc.inspections.models import DefectKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@transaction.atomic
def load_defects(*, data: Mapping[str, Any], at: datetime) -> int:
    """Bring one version of the catalogue into the database; return how many rows are new.

    :raises ValueError: if this version is known with another content: a change is a new version
    """
    version = data["version"]
    kinds = [
        DefectKind(
            version=version,
            code=entry["code"],
            category=entry["category"],
            defect_class=entry["class"],
            name_zh=entry["zh"],
            name_en=entry["en"],
            position=position,
        )
        for position, entry in enumerate(data["defects"])
    ]
    known = {kind.code: kind for kind in DefectKind.objects.filter(version=version)}
    if known:
        if {code: _content(kind) for code, kind in known.items()} != {kind.code: _content(kind) for kind in kinds}:
            raise ValueError(f"defects {version} are loaded with another content; write a new version")
        return 0
    made = DefectKind.objects.bulk_create(kinds)
    shown = ("version", "code", "category", "defect_class", "name_zh", "name_en")
    announce_all([("qc.defect_kind.loaded", kind, first(kind, *shown), {}) for kind in made], actor=None, at=at)
    return len(made)


def _content(kind: DefectKind) -> tuple[object, ...]:
    return kind.category, kind.defect_class, kind.name_zh, kind.name_en, kind.position

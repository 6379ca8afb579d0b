"""Keep the checklists: versions are added, nothing is ever changed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from assurance.events.actions import announce_all
from assurance.events.changes import first
from qc.checks.checkpoints import Checkpoint
from qc.checks.models import Checklist

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assurance.accounts.models import User


@transaction.atomic
def load_checklists(*, data: Mapping[str, Any], at: datetime, actor: User | None = None) -> int:
    """Bring one version of the checklists into the database; return how many are new. A list names a category or, by id, a product.

    :raises ValueError: if this version is known with another content: a change is a new version
    """
    version = data["version"]
    rows = [
        Checklist(
            version=version,
            stage=told["stage"],
            product_id=told.get("product_id"),
            category=told.get("category", ""),
            from_date=date.fromisoformat(told["from_date"]),
            checkpoints=told["checkpoints"],
        )
        for told in data["checklists"]
    ]
    for row in rows:
        codes = [Checkpoint.from_dict(told).code for told in row.checkpoints]
        if len(set(codes)) != len(codes):
            raise ValueError(f"{row}: a point stands there twice")
    known = {_scope(row): row for row in Checklist.objects.filter(version=version)}
    for row in rows:
        if _scope(row) in known and known[_scope(row)].checkpoints != row.checkpoints:
            raise ValueError(f"checklist {row} is loaded with another content; write a new version")
    made = Checklist.objects.bulk_create([row for row in rows if _scope(row) not in known])
    shown = ("version", "stage", "category", "product_id", "from_date")
    announce_all([("qc.checklist.loaded", row, first(row, *shown), {}) for row in made], actor=actor, at=at)
    return len(made)


def _scope(row: Checklist) -> tuple[str, int | None, str]:
    return row.stage, row.product_id, row.category

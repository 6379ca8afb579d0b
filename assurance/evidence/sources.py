"""The bytes of an entry that are hashed.

An evidence entry brings its own: canonical JSON of everything it says (``write_body``), kept as it was hashed. An audit event is
hashed as PostgreSQL writes the row as ``jsonb``: keys by length, then by their bytes; ``", "`` and ``": "`` between; moments in
UTC. That text is the same on every machine, in every time zone and after every dump.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from assurance.evidence import canonical
from assurance.evidence.checkpoint import format_moment

if TYPE_CHECKING:
    from datetime import datetime

EVENT_TEXT: Final = """jsonb_build_object(
    'id', v.id, 'kind', v.kind, 'at', v.at AT TIME ZONE 'UTC', 'actor_id', v.actor_id, 'organisation_id', v.organisation_id,
    'subject_kind', v.subject_kind, 'subject_id', v.subject_id, 'changes', v.changes, 'reason', v.reason, 'ids', v.ids)::text"""
"""What of an event ``v`` is hashed; a column that is added later stands in a new form beside this one, for events from then on."""

COLUMNS: Final = ("kind", "organisation_id", "product_id", "lot_id", "actor_id")
"""The columns of an evidence entry that repeat what its body says, beside ``recorded_at``."""


def write_body(
    kind: str,
    *,
    organisation_id: int,
    product_id: int | None,
    lot_id: int | None,
    actor_id: int | None,
    recorded_at: datetime,
    says: dict[str, Any],
) -> bytes:
    """Return the canonical bytes of an evidence entry.

    :raises NotCanonical: if ``says`` holds a float or anything else without one spelling
    """
    return canonical.encode(
        {
            "kind": kind,
            "organisation_id": organisation_id,
            "product_id": product_id,
            "lot_id": lot_id,
            "actor_id": actor_id,
            "recorded_at": format_moment(recorded_at),
            "says": says,
        }
    )


def read_body(body: bytes) -> dict[str, Any]:
    """Return what an entry says about itself; ``says`` holds the decision."""
    return dict(json.loads(body))


def repeats(body: bytes, columns: tuple[object, ...], recorded_at: str) -> bool:
    """Say whether the columns (in the order of ``COLUMNS``) still repeat what the body says."""
    try:
        said = json.loads(body)
        return tuple(said[name] for name in COLUMNS) == columns and said["recorded_at"] == recorded_at
    except (ValueError, KeyError, TypeError):
        return False

"""One look at one code: everything the public page needs, in one prepared statement; nothing is kept between two looks.

The rows are those of the models; only the way is shorter. ``queries`` asks the same of many badges.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from assurance.accounts.models import Organisation
from assurance.badges.forgery import LENGTH, Flaw, flaw
from assurance.badges.judging import OF_PRODUCT, Proof, Verification, judged, proof_from
from assurance.badges.models import Badge, Tag
from assurance.badges.validity import Found, Status, Validity
from assurance.codes import is_public_code
from assurance.enrollment.models import Enrolment
from assurance.evidence.models import Checkpoint
from assurance.evidence.queries import Step
from assurance.gates.models import Stop
from assurance.prepared import Part, Statement
from assurance.products.models import Category, Product

if TYPE_CHECKING:
    from collections.abc import Sequence

PARTS: Final = (
    Part("b", Badge),
    Part("p", Product, ("id", "merchant_id", "category_id", "name", "name_en", "gtin", "specification")),
    Part("c", Category, ("id", "code", "name_zh", "name_en", "badge_days")),
    Part("m", Organisation, ("id", "name", "code")),
    Part("w", Organisation, ("id", "name", "code")),
    Part("e", Enrolment, ("id", "product_id", "merchant_id", "state", "snapshot", "valid_until")),
    Part("t", Tag, ("id", "code", "state", "lost", "falls_at")),
    Part("s", Stop, ("id", "code", "because", "opened_at", "until")),
    Part("k", Checkpoint, ("number", "size", "root", "at")),
)
FROM: Final = """
FROM assurance_badge b
JOIN assurance_product p ON p.id = b.product_id
JOIN assurance_category c ON c.id = p.category_id
JOIN assurance_organisation m ON m.id = b.merchant_id
JOIN assurance_organisation w ON w.id = b.warehouse_id
JOIN assurance_enrolment e ON e.id = b.enrolment_id
LEFT JOIN assurance_tag t ON t.product_id = b.product_id
LEFT JOIN LATERAL (
    SELECT * FROM assurance_stop
     WHERE merchant_id = b.merchant_id AND lifted_at IS NULL AND (until IS NULL OR until > $2)
       AND (product_id IS NULL OR product_id = b.product_id) AND (warehouse_id IS NULL OR warehouse_id = b.warehouse_id)
       AND (lot_id IS NULL OR lot_id = b.lot_id)
     ORDER BY opened_at, id LIMIT 1) s ON true
LEFT JOIN LATERAL (SELECT * FROM assurance_checkpoint ORDER BY number DESC LIMIT 1) k ON true
WHERE b.code = $1
"""
STORY: Final = """(
    SELECT json_agg(json_build_array(v.id, v.kind, v.recorded_at, v.lot_id, (
                        SELECT seq FROM assurance_logplace WHERE source = 'evidence' AND source_id = v.id),
                        convert_from(v.body, 'UTF8')::json -> 'says')
                    ORDER BY v.recorded_at, v.id)
      FROM (SELECT * FROM assurance_evidenceentry WHERE lot_id = b.lot_id
             UNION ALL
            SELECT * FROM assurance_evidenceentry WHERE product_id = b.product_id AND lot_id IS NULL AND kind IN ({kinds})) v),
    EXISTS (SELECT 1 FROM assurance_claim WHERE product_id = b.product_id)"""


def _more() -> str:
    return STORY.format(kinds=", ".join(f"'{kind}'" for kind in OF_PRODUCT))


STATEMENT: Final = Statement("look_at_badge", "text, timestamptz", PARTS, FROM, _more)


@dataclass(frozen=True)
class Look:
    """The answer, and what it stands on if there is a badge."""

    found: Verification
    proof: Proof | None = None
    has_claims: bool = False
    """Whether anything is claimed of the product: most have nothing to be asked about."""


def look(code: str, *, at: datetime, asked: Found | None = None) -> Look:
    """Look a public code up and judge it now: one query, a second for what is not there."""
    if is_public_code(code) and (row := STATEMENT.row(code, at)):
        return _seen(*row, at=at, asked=asked)
    return Look(_missing(code, at=at, asked=asked or Found()))


def code_key() -> bytes:
    """Return what the marks of codes are made with."""
    return settings.SECRET_KEY.encode()


def _missing(code: str, *, at: datetime, asked: Found) -> Verification:
    found = flaw(code, code_key())
    if found is Flaw.NONE and len(code) == LENGTH and Badge.objects.filter(code__startswith=code).exists():
        found = Flaw.CUT
    status = Status.TAMPERED if found in (Flaw.CUT, Flaw.FORGED) else Status.UNKNOWN
    return Verification(code, at, Validity(status, None), asked=asked, flaw=found)


def _seen(found: dict[str, Any], more: Sequence[Any], *, at: datetime, asked: Found | None) -> Look:
    badge: Badge = found["b"]
    badge.product, badge.merchant, badge.warehouse, badge.enrolment = found["p"], found["m"], found["w"], found["e"]
    badge.product.category = found["c"]
    story, has_claims = more
    verification = judged(badge, found["s"], found["t"], at=at, asked=asked)
    return Look(verification, proof_from(badge, [_step(one) for one in story or ()], found["k"]), has_claims)


def _step(one: Sequence[Any]) -> Step:
    entry_id, kind, at, lot_id, seq, says = one
    return Step(
        entry_id=entry_id,
        kind=kind,
        at=datetime.fromisoformat(at),
        actor_id=None,
        lot_id=lot_id,
        says=says,
        seq=seq,
        product_seq=None,
        hash=None,
    )

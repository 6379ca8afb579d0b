"""What badges repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

repeats_evidence(
    Projection(
        kind="badge_issued",
        table="assurance_badge",
        joined="t.code = e.says ->> 'badge'",
        same="t.lot_id = e.lot_id AND t.product_id = e.product_id AND t.lot_number = e.says ->> 'lot_number'",
    ),
    Projection(
        kind="badge_revoked",
        table="assurance_badge",
        which="t.revoked_at IS NOT NULL",
        joined="t.code = e.says ->> 'badge'",
        same="t.lot_id = e.lot_id AND t.revoked_reason = e.says ->> 'reason' AND t.revoked_at = e.recorded_at",
    ),
)

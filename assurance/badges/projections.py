"""What badges repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

repeats_evidence(
    Projection(
        kind="badge_issued",
        table="assurance_badge",
        which="NOT EXISTS (SELECT 1 FROM assurance_badge old WHERE old.successor_id = t.id)",  # a newer code was issued as the old one
        joined="t.code = e.says ->> 'badge'",
        same="t.lot_id = e.lot_id AND t.product_id = e.product_id AND t.lot_number = e.says ->> 'lot_number'",
    ),
    Projection(
        kind="badge_superseded",
        table="assurance_badge",
        which="t.superseded_at IS NOT NULL",
        joined="t.code = e.says ->> 'badge'",
        same="""t.lot_id = e.lot_id AND t.superseded_at = e.recorded_at
            AND e.says ->> 'by' = (SELECT new.code FROM assurance_badge new WHERE new.id = t.successor_id)""",
    ),
    Projection(
        kind="badge_revoked",
        table="assurance_badge",
        which="t.revoked_at IS NOT NULL",
        joined="t.code = e.says ->> 'badge'",
        same="t.lot_id = e.lot_id AND t.revoked_reason = e.says ->> 'reason' AND t.revoked_at = e.recorded_at",
    ),
)

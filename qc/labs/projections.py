"""What laboratories' samples repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

# Every result that counts says what was published of it.
SAME_TESTS = """NOT EXISTS (
    SELECT 1 FROM qc_labresult r
     WHERE r.sample_id = t.id AND NOT EXISTS (SELECT 1 FROM qc_labresult c WHERE c.corrects_id = r.id)
       AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements(e.says -> 'tests') one
                        WHERE one ->> 'reported' = r.reported AND one ->> 'verdict' = r.verdict AND one ->> 'unit' = r.unit))"""

repeats_evidence(
    Projection(
        kind="lab_publication",
        table="qc_sample",
        which="t.evidence_entry_id IS NOT NULL",
        same=f"""t.verdict = e.says ->> 'verdict' AND t.lot_id = e.lot_id AND t.product_id = e.product_id
            AND t.merchant_id = e.organisation_id AND {SAME_TESTS}""",
    )
)

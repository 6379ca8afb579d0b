"""What inspections repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

repeats_evidence(
    Projection(
        kind="inspection_verdict",
        table="qc_inspection",
        which="t.state IN ('accepted', 'rejected')",
        same="""(t.state = 'accepted') = (e.says ->> 'verdict' = 'accept') AND t.id = (e.says ->> 'inspection_id')::bigint
            AND t.inspected = (e.says ->> 'inspected')::int AND t.nonconforming = (e.says ->> 'defective')::int
            AND t.lot_id = e.lot_id AND t.product_id = e.product_id AND t.merchant_id = e.organisation_id
            AND t.lot_size = (e.says ->> 'lot_size')::int AND t.plan = e.says -> 'plan'""",
    )
)

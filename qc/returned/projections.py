"""What inspections of returned units repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

repeats_evidence(
    Projection(
        kind="return_graded",
        table="qc_returninspection",
        same="""t.grade = e.says ->> 'grade' AND t.unit_id = (e.says ->> 'return_unit_id')::bigint AND t.merchant_id = e.organisation_id
            AND t.party = e.says ->> 'suggested_party'""",
    )
)

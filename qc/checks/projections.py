"""What days of outbound checks repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

# A leaf is found under the root by its text; the check it tells of must say the same.
SAME_LEAVES = """NOT EXISTS (
    SELECT 1 FROM qc_checkedgoods g JOIN qc_outboundcheck c ON c.id = g.check_of_id
     WHERE g.day_of_checks_id = t.id AND (g.says::jsonb ->> 'verdict' <> c.verdict OR g.product_id <> t.product_id))"""

repeats_evidence(
    Projection(
        kind="outbound_checks",
        table="qc_dayofchecks",
        same=f"""t.root = e.says ->> 'root' AND t.size = (e.says ->> 'checks')::int AND t.part = (e.says ->> 'part')::int
            AND t.day_date::text = e.says ->> 'day'
            AND t.product_id = e.product_id AND {SAME_LEAVES}""",
        leaves="SELECT g.day_of_checks_id, g.says FROM qc_checkedgoods g WHERE g.day_of_checks_id = ANY(%s)"
        " ORDER BY g.day_of_checks_id, g.id",
    )
)

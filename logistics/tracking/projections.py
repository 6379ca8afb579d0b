"""What days of deliveries repeat of the evidence."""

from assurance.evidence.comparing import Projection, repeats_evidence

repeats_evidence(
    Projection(
        kind="deliveries",
        table="logistics_deliveryday",
        same="""t.root = e.says ->> 'root' AND t.size = (e.says ->> 'deliveries')::int AND t.part = (e.says ->> 'part')::int
            AND t.product_id = e.product_id AND t.day_date::text = e.says ->> 'day'""",
        leaves="SELECT g.delivery_day_id, g.says FROM logistics_deliveredgoods g WHERE g.delivery_day_id = ANY(%s)"
        " ORDER BY g.delivery_day_id, g.position",
    )
)

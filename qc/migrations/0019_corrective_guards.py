"""What a corrective action may do, whoever writes: sides agree, steps follow each other."""

from django.db import migrations

from assurance.database import OnlyChanging, SameOwner, StateEdges

SIDES = ("merchant_id", "warehouse_id")


class Migration(migrations.Migration):
    dependencies = [("qc", "0018_corrective_actions")]

    operations = [
        SameOwner("qc_correctiveaction", ("severity_id", *SIDES), "qc_classseverity", ("id", *SIDES)),
        SameOwner("qc_correctiveaction", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("qc_correctiveaction", ("submitted_by_id", "merchant_id"), "assurance_user", ("id", "organisation_id")),
        OnlyChanging(
            "qc_correctiveaction",
            *("state", "cause", "plan", "submitted_by_id", "submitted_at", "decided_by_id", "decided_at", "decision_reason"),
        ),
        StateEdges("qc_correctiveaction", "state", {"demanded": ["submitted"], "submitted": ["demanded", "approved"], "approved": []}),
    ]

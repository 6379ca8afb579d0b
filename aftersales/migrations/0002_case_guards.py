"""What cases may do, whoever writes: owners agree, what was said and found stays, states follow their edges."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

CASE = ("aftersales_case", ("id", "merchant_id"))
OF_A_CASE = ("caselink", "casemessage", "casedecision", "caseappeal", "remedy", "caserating", "signalfinding", "diagnosis")
OF_A_DECISION = ("caseappeal", "remedy", "diagnosis")


class Migration(migrations.Migration):
    dependencies = [("aftersales", "0001_initial")]

    operations = [
        SameOwner("aftersales_case", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("aftersales_case", ("lot_id", "merchant_id"), "warehouse_lot", ("id", "merchant_id")),
        *(SameOwner(f"aftersales_{table}", ("case_id", "merchant_id"), *CASE) for table in OF_A_CASE),
        *(
            SameOwner(f"aftersales_{table}", ("decision_id", "merchant_id"), "aftersales_casedecision", ("id", "merchant_id"))
            for table in OF_A_DECISION
        ),
        AppendOnly("aftersales_caselink"),
        AppendOnly("aftersales_casemessage"),
        AppendOnly("aftersales_caseappeal"),
        AppendOnly("aftersales_caserating"),
        AppendOnly("aftersales_signalfinding"),
        AppendOnly("aftersales_diagnosis"),
        OnlyChanging(
            "aftersales_case",
            "state",
            "policy",
            "agent_id",
            "claimed_at",
            "waiting_for",
            "waiting_since",
            "paused_seconds",
            "first_responded_at",
            "updated_at",
            "first_response_due_at",
            "next_update_due_at",
            "resolution_due_at",
            "due_at",
            "liability",
            "is_confirmed",
            "decided_at",
            "closed_at",
            "reopened",
        ),
        OnlyChanging("aftersales_casedecision", "state", "decided_by_id", "decided_at", "sent_back_because", "evidence_entry_id"),
        OnlyChanging("aftersales_remedy", "state", "subject_kind", "subject_id", "reference", "done_at", "done_by_id"),
        OnlyChanging("aftersales_inquiry", "phone_tail", "body", "judged_at", "case_id"),
        OnlyChanging("aftersales_signalswitch", "is_on", "changed_at", "changed_by_id", "reason"),
        StateEdges(
            "aftersales_case",
            "state",
            {
                "new": ["open"],
                "open": ["new", "proposed", "waiting"],
                "waiting": ["open"],
                "proposed": ["decided", "open"],
                "decided": ["appealed", "closed", "remedied"],
                "remedied": ["appealed", "closed"],
                "appealed": ["proposed"],
                "closed": ["appealed", "open"],
            },
        ),
        StateEdges("aftersales_casedecision", "state", {"proposed": ["decided", "sent_back"], "decided": [], "sent_back": []}),
        StateEdges("aftersales_remedy", "state", {"ordered": ["cancelled", "done"], "done": [], "cancelled": []}),
    ]

"""What belongs together has one owner, and an enrolment moves only along its edges, whoever writes."""

from django.db import migrations

from assurance.database import SameOwner, StateEdges


class Migration(migrations.Migration):
    dependencies = [("assurance", "0005_shares_and_submissions")]

    operations = [
        SameOwner("assurance_product", ("picture_id", "merchant_id"), "assurance_storedfile", ("id", "organisation_id")),
        SameOwner("assurance_productshare", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("assurance_fileshare", ("file_id", "owner_id"), "assurance_storedfile", ("id", "organisation_id")),
        SameOwner("assurance_enrolment", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("assurance_reviewreason", ("enrolment_id", "merchant_id"), "assurance_enrolment", ("id", "merchant_id")),
        StateEdges(
            "assurance_enrolment",
            "state",
            {
                "draft": ["submitted", "withdrawn"],
                "submitted": ["approved", "needs_changes", "rejected", "withdrawn"],
                "needs_changes": ["submitted", "withdrawn"],
                "approved": ["expired", "withdrawn"],
                "rejected": [],
                "withdrawn": [],
                "expired": [],
            },
        ),
        StateEdges(
            "assurance_run",
            "state",
            {
                "waiting": ["running", "cancelled", "failed"],
                "running": ["done", "failed", "cancelled"],
                "done": [],
                "failed": [],
                "cancelled": [],
            },
        ),
        StateEdges(
            "assurance_job",
            "state",
            {"new": ["sent", "parked"], "sent": ["done", "parked"], "done": [], "parked": ["new"]},
        ),
    ]

"""Papers do not change after they were entered, and belong with what they cover to one merchant; entries move only along their edges."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

MERCHANT = ("id", "merchant_id")


class Migration(migrations.Migration):
    dependencies = [("assurance", "0019_qualification")]

    operations = [
        SameOwner("assurance_qualificationpaper", ("file_id", "merchant_id"), "assurance_storedfile", ("id", "organisation_id")),
        SameOwner("assurance_qualificationpaper", ("replaces_id", "merchant_id"), "assurance_qualificationpaper", MERCHANT),
        SameOwner("assurance_paperproduct", ("paper_id", "merchant_id"), "assurance_qualificationpaper", MERCHANT),
        SameOwner("assurance_paperproduct", ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        SameOwner("assurance_paperwarning", ("paper_id", "merchant_id"), "assurance_qualificationpaper", MERCHANT),
        SameOwner("assurance_programmeentry", ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        AppendOnly("assurance_paperproduct"),
        AppendOnly("assurance_paperwarning"),
        AppendOnly("assurance_entryrules"),
        OnlyChanging("assurance_qualificationpaper", "state", "decided_by_id", "decided_at", "objections"),
        OnlyChanging(
            "assurance_programmeentry",
            "state",
            "rules_id",
            "outcome",
            "evidence",
            "decided_by_id",
            "decided_at",
            "cleared_by_id",
            "cleared_at",
            "clear_reason",
            "return_date",
        ),
        StateEdges(
            "assurance_qualificationpaper",
            "state",
            {"entered": ["verified", "returned"], "verified": ["replaced"], "returned": [], "replaced": []},
        ),
        StateEdges(
            "assurance_programmeentry",
            "state",
            {"applied": ["admitted", "refused"], "admitted": ["cleared_out"], "refused": [], "cleared_out": []},
        ),
    ]

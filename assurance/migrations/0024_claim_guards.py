"""What was said and what was found never changes; what belongs together has one owner."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner


class Migration(migrations.Migration):
    dependencies = [("assurance", "0023_claims")]

    operations = [
        AppendOnly("assurance_claimevidence"),
        AppendOnly("assurance_claimfinding"),
        OnlyChanging("assurance_claim", "withdrawn_at", "withdrawn_by_id"),
        OnlyChanging("assurance_claimstatus", "status", "because", "until_date", "settled_at"),
        SameOwner("assurance_claim", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("assurance_claimevidence", ("claim_id", "merchant_id"), "assurance_claim", ("id", "merchant_id")),
        SameOwner("assurance_claimevidence", ("file_id", "merchant_id"), "assurance_storedfile", ("id", "organisation_id")),
        SameOwner("assurance_claimfinding", ("claim_id", "merchant_id"), "assurance_claim", ("id", "merchant_id")),
        SameOwner("assurance_claimstatus", ("claim_id", "merchant_id"), "assurance_claim", ("id", "merchant_id")),
    ]

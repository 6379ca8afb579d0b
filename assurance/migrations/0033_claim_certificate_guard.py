"""A claim stands on its own merchant's certificate."""

from django.db import migrations

from assurance.database import SameOwner


class Migration(migrations.Migration):
    dependencies = [("assurance", "0032_claim_certificates")]

    operations = [
        SameOwner("assurance_claimevidence", ("certificate_id", "merchant_id"), "assurance_certificate", ("id", "merchant_id")),
    ]

"""What was accepted and what was shown never changes; what belongs together has one owner."""

from django.db import migrations

from assurance.database import AppendOnly, SameOwner


class Migration(migrations.Migration):
    dependencies = [("assurance", "0008_agreements_and_catalog")]

    operations = [
        AppendOnly("assurance_agreement"),
        AppendOnly("assurance_acceptance"),
        AppendOnly("assurance_talksheet"),
        AppendOnly("assurance_talksheetshown"),
        SameOwner("assurance_enrolment", ("acceptance_id", "merchant_id"), "assurance_acceptance", ("id", "merchant_id")),
        SameOwner("assurance_catalogentry", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("assurance_selection", ("list_id", "organisation_id"), "assurance_selectionlist", ("id", "organisation_id")),
    ]

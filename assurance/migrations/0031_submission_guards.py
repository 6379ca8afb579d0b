"""A submission stays as it was handed over, and belongs to the merchant of its enrolment."""

from django.db import migrations

from assurance.database import AppendOnly, SameOwner


class Migration(migrations.Migration):
    dependencies = [("assurance", "0030_submissions")]

    operations = [
        AppendOnly("assurance_enrolmentsubmission"),
        SameOwner("assurance_enrolmentsubmission", ("enrolment_id", "merchant_id"), "assurance_enrolment", ("id", "merchant_id")),
    ]

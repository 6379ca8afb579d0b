"""What marketplaces call our organisations."""

import django.db.models.deletion
from django.db import migrations, models

from assurance.database import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("assurance", "0012_fees")]

    operations = [
        migrations.CreateModel(
            name="OrganisationAlias",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=16)),
                ("code", models.CharField(max_length=40)),
                ("province", models.CharField(blank=True, max_length=20)),
                ("city", models.CharField(blank=True, max_length=20)),
                ("district", models.CharField(blank=True, max_length=20)),
                ("created_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="aliases", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "code"), name="alias_once_per_source"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("source", ""), _negated=True), models.Q(("code", ""), _negated=True)),
                        name="alias_has_a_source_and_a_code",
                    ),
                ],
            },
        ),
        AppendOnly("assurance_organisationalias"),
    ]

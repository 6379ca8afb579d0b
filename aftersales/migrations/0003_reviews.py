"""What buyers said about their orders."""

import django.db.models.deletion
from django.db import migrations, models

from assurance.database import AppendOnly


class Migration(migrations.Migration):
    dependencies = [
        ("aftersales", "0002_case_guards"),
        ("assurance", "0001_initial"),
        ("warehouse", "0003_orders_and_parcels"),
    ]

    operations = [
        migrations.CreateModel(
            name="BuyerReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=24)),
                ("digest", models.CharField(max_length=64)),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("title", models.CharField(blank=True, max_length=120, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="review")),
                ("written_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "merchant",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.order")),
            ],
            options={
                "indexes": [models.Index(fields=["merchant", "-id"], name="review_of_merchant")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("score__gte", 1), ("score__lte", 5)), name="review_score_is_one_to_five"),
                    models.UniqueConstraint(fields=("order", "digest"), name="review_once_per_order"),
                ],
            },
        ),
        AppendOnly("aftersales_buyerreview"),
    ]

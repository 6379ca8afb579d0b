"""Agreements, the catalogue, selections and talk-sheets."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0007_jobs_in_flight"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=12, unique=True)),
                ("title_zh", models.CharField(max_length=80)),
                ("title_en", models.CharField(max_length=120)),
                ("text_zh", models.TextField()),
                ("text_en", models.TextField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("loaded_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="agreement_has_a_fingerprint")
                ],
            },
        ),
        migrations.CreateModel(
            name="CatalogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=80)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("specification", models.CharField(blank=True, max_length=60)),
                ("price", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="price")),
                ("commission_rate", models.DecimalField(decimal_places=6, max_digits=12, null=True, verbose_name="commission rate")),
                ("is_listed", models.BooleanField(default=False, verbose_name="listed")),
                (
                    "badge_status",
                    models.CharField(
                        choices=[
                            ("none", "No badge yet"),
                            ("valid", "Valid"),
                            ("suspended", "Suspended"),
                            ("expired", "Expired"),
                            ("revoked", "Revoked"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="badge",
                    ),
                ),
                ("badge_valid_until", models.DateTimeField(null=True)),
                ("sides", models.CharField(default="0000", max_length=4)),
                ("strength", models.PositiveSmallIntegerField(default=0, verbose_name="badge strength")),
                ("sellable_units", models.PositiveIntegerField(default=0, verbose_name="units in stock")),
                ("expiry_date", models.DateField(null=True, verbose_name="best before")),
                ("stock_fact_id", models.BigIntegerField(null=True)),
                ("refreshed_at", models.DateTimeField()),
                (
                    "badge",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.badge"),
                ),
                ("category", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.category")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_listed", True)), fields=["-strength", "-sellable_units", "-id"], name="catalog_by_strength"
                    ),
                    models.Index(condition=models.Q(("is_listed", True)), fields=["price", "-id"], name="catalog_by_price"),
                    models.Index(condition=models.Q(("is_listed", True)), fields=["-commission_rate", "-id"], name="catalog_by_commission"),
                    models.Index(condition=models.Q(("is_listed", True)), fields=["-sellable_units", "-id"], name="catalog_by_stock"),
                    models.Index(condition=models.Q(("is_listed", True)), fields=["-expiry_date", "-id"], name="catalog_by_expiry"),
                    models.Index(
                        condition=models.Q(("is_listed", True)),
                        fields=["category", "-strength", "-sellable_units", "-id"],
                        name="catalog_of_category",
                    ),
                    models.Index(condition=models.Q(("badge_status", "valid")), fields=["badge_valid_until"], name="catalog_badge_ends"),
                    models.Index(fields=["-stock_fact_id"], name="catalog_by_stock_fact"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("badge_status__in", ["none", "valid", "suspended", "expired", "revoked"])),
                        name="catalog_badge_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("badge", None), ("badge_status", "none"), ("badge_valid_until", None)),
                            models.Q(
                                models.Q(("badge_status", "none"), _negated=True),
                                ("badge__isnull", False),
                                ("badge_valid_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="catalog_badge_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sides__regex", "^[01]{4}$"), ("strength__lte", 4)), name="catalog_strength_counts_four_sides"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelectionList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name of the list")),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("organisation", "name"), name="selection_list_name_once"),
                    models.UniqueConstraint(fields=("id", "organisation"), name="selection_list_with_organisation"),
                    models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="selection_list_has_a_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TalkSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=16)),
                ("content", models.TextField()),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("made_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="talk_sheet_has_a_fingerprint")
                ],
            },
        ),
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sha256", models.CharField(max_length=64)),
                ("accepted_at", models.DateTimeField()),
                (
                    "accepted_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("agreement", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.agreement")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "agreement"), name="agreement_accepted_once"),
                    models.UniqueConstraint(fields=("id", "merchant"), name="acceptance_with_merchant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("added_at", models.DateTimeField()),
                ("added_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "badge",
                    models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.badge"),
                ),
                ("entry", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.catalogentry")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "list",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="selections", to="assurance.selectionlist"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("list", "entry"), name="selection_once_per_list")],
            },
        ),
        migrations.CreateModel(
            name="TalkSheetShown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shown_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                ("sheet", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.talksheet")),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "product", "-id"], name="talk_sheet_shown_to")],
            },
        ),
        migrations.AddField(
            model_name="category",
            name="lab_result_days",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="category",
            name="lab_tests",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="enrolment",
            name="acceptance",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.acceptance"
            ),
        ),
    ]

"""Papers of merchants, warnings of their end, rules of entry and entries."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0018_category_version_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="EntryRules",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=24, unique=True)),
                ("from_date", models.DateField(unique=True, verbose_name="in force from")),
                ("terms", models.JSONField()),
                ("because", models.CharField(blank=True, max_length=200)),
                ("loaded_at", models.DateTimeField()),
                (
                    "loaded_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="QualificationPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("business_licence", "Business licence"),
                            ("food_licence", "Food business licence"),
                            ("brand_authorisation", "Brand authorisation"),
                            ("trademark", "Trademark registration"),
                        ],
                        max_length=24,
                        verbose_name="kind of paper",
                    ),
                ),
                ("number", models.CharField(max_length=40, verbose_name="number")),
                ("issuer", models.CharField(max_length=80, verbose_name="issued by")),
                ("brand", models.CharField(blank=True, max_length=60, verbose_name="brand")),
                ("granted_by", models.CharField(blank=True, max_length=80, verbose_name="authorised by")),
                ("chain_level", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="level in the chain")),
                (
                    "scope",
                    models.CharField(
                        choices=[("shop", "Everything we sell"), ("categories", "Some categories"), ("products", "Some products")],
                        default="shop",
                        max_length=12,
                        verbose_name="covers",
                    ),
                ),
                (
                    "categories",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=32), blank=True, default=list, size=None
                    ),
                ),
                ("from_date", models.DateField(verbose_name="valid from")),
                ("until_date", models.DateField(blank=True, null=True, verbose_name="valid until")),
                ("sha256", models.CharField(max_length=64)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("entered", "Waits for review"),
                            ("verified", "Verified"),
                            ("returned", "Returned"),
                            ("replaced", "Replaced"),
                        ],
                        default="entered",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("entered_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("objections", models.JSONField(default=list)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assurance.qualificationpaper",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "entered")), fields=["entered_at", "id"], name="paper_queue"),
                    models.Index(condition=models.Q(("state", "verified")), fields=["merchant", "until_date"], name="paper_in_force"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["business_licence", "food_licence", "brand_authorisation", "trademark"])),
                        name="paper_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["entered", "verified", "returned", "replaced"])), name="paper_state_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["shop", "categories", "products"])), name="paper_scope_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until_date", None), ("until_date__gte", models.F("from_date")), _connector="OR"),
                        name="paper_ends_after_it_begins",
                    ),
                    models.CheckConstraint(condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="paper_sha256_is_hex"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["brand_authorisation", "trademark"]), _negated=True),
                            models.Q(("brand", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="paper_about_a_brand_names_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("chain_level", None), ("chain_level__gte", 1), _connector="OR"),
                        name="paper_chain_counts_from_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at", None), ("decided_by", None), ("state", "entered")),
                            models.Q(
                                models.Q(("state", "entered"), _negated=True), ("decided_at__isnull", False), ("decided_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="paper_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None), models.Q(("decided_by", models.F("entered_by")), _negated=True), _connector="OR"
                        ),
                        name="paper_not_decided_by_who_entered_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "returned"), _negated=True), models.Q(("objections", []), _negated=True), _connector="OR"
                        ),
                        name="paper_returned_with_a_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "entered")), fields=("merchant", "kind", "number"), name="paper_waits_once"
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="paper_with_merchant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField()),
                ("is_told", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="warnings", to="assurance.qualificationpaper"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("paper", "days"), name="paper_warned_once_per_threshold")],
            },
        ),
        migrations.CreateModel(
            name="PaperProduct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="covered", to="assurance.qualificationpaper"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("paper", "product"), name="paper_covers_a_product_once")],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="which time")),
                (
                    "state",
                    models.CharField(
                        choices=[("applied", "Applied"), ("admitted", "Admitted"), ("refused", "Refused"), ("cleared_out", "Cleared out")],
                        default="applied",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("outcome", models.JSONField(default=dict)),
                ("evidence", models.CharField(blank=True, max_length=300, verbose_name="decided on the evidence of")),
                ("applied_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                ("clear_reason", models.CharField(blank=True, max_length=300, verbose_name="why it was cleared out")),
                ("return_date", models.DateField(blank=True, null=True, verbose_name="may apply again from")),
                (
                    "applied_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "cleared_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "product",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"
                    ),
                ),
                (
                    "rules",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.entryrules"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("state", "applied")), fields=["applied_at", "id"], name="entry_queue")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["applied", "admitted", "refused", "cleared_out"])), name="entry_state_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="entry_counts_from_one"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "refused"), _negated=True),
                        fields=("merchant", "product", "number"),
                        name="entry_once_per_number",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["admitted", "applied"])),
                        fields=("merchant", "product"),
                        name="entry_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "cleared_out"), _negated=True),
                            models.Q(
                                ("cleared_at__isnull", False), ("cleared_by__isnull", False), models.Q(("clear_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="entry_cleared_out_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "applied"), ("decided_at__isnull", False), _connector="OR"),
                        name="entry_decided_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None), models.Q(("decided_by", models.F("applied_by")), _negated=True), _connector="OR"
                        ),
                        name="entry_not_decided_by_its_applicant",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="entry_with_merchant"),
                ],
            },
        ),
    ]

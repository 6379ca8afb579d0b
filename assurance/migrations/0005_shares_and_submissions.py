"""Who sees a product, and what was submitted."""

import django.db.models.deletion
from django.db import migrations, models

import assurance.enrollment.lifecycle


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0004_accounts_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shared_at", models.DateTimeField()),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "file"), name="file_shared_once")],
            },
        ),
        migrations.CreateModel(
            name="ProductShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("shared_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("organisation", "product"), name="product_shared_once")],
            },
        ),
        migrations.AddField(
            model_name="category",
            name="version",
            field=models.CharField(default="", max_length=12),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="product",
            name="locked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="storedfile",
            name="served_sha256",
            field=models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="storedfile",
            name="served_size",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="reviewreason",
            name="words",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(condition=models.Q(("state", "approved")), fields=["valid_until"], name="enrolment_by_end"),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["sha256"], name="file_by_content"),
        ),
        migrations.AddIndex(
            model_name="storedfile",
            index=models.Index(fields=["served_sha256"], name="file_by_served_content"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            assurance.enrollment.lifecycle.EnrolmentState["DRAFT"],
                            assurance.enrollment.lifecycle.EnrolmentState["WITHDRAWN"],
                        ],
                    ),
                    models.Q(("due_at__isnull", False), ("submitted_at__isnull", False), ("submitted_by__isnull", False)),
                    _connector="OR",
                ),
                name="enrolment_submitted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claimed_at", None), ("claimed_by", None)),
                    models.Q(
                        ("claimed_at__isnull", False),
                        ("claimed_by__isnull", False),
                        ("state", assurance.enrollment.lifecycle.EnrolmentState["SUBMITTED"]),
                    ),
                    _connector="OR",
                ),
                name="enrolment_claimed_only_while_submitted",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("id", "merchant"), name="enrolment_with_merchant"),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("served_sha256__regex", "^[0-9a-f]{64}$")), name="file_served_sha256_is_hex"
            ),
        ),
        migrations.AddConstraint(
            model_name="storedfile",
            constraint=models.UniqueConstraint(fields=("id", "organisation"), name="file_with_organisation"),
        ),
    ]

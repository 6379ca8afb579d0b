"""Waves of picking, weights that stop a parcel, records of packing."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0036_badge_warning_guard"),
        ("warehouse", "0012_discrepancy_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Wave",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("planned", "Planned"), ("picking", "Being picked"), ("finished", "Finished"), ("cancelled", "Cancelled")],
                        default="planned",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("planned_at", models.DateTimeField(verbose_name="planned")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished")),
                (
                    "picker",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "planned_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="planned by",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
        ),
        migrations.AddField(
            model_name="parcel",
            name="wave",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="parcels", to="warehouse.wave"
            ),
        ),
        migrations.CreateModel(
            name="WeightDeviation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Stopped"), ("accepted", "Accepted with a reason"), ("repacked", "Parcel opened again")],
                        default="open",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("expected_g", models.PositiveIntegerField(verbose_name="expected weight")),
                ("lowest_g", models.PositiveIntegerField(verbose_name="lightest allowed")),
                ("highest_g", models.PositiveIntegerField(verbose_name="heaviest allowed")),
                ("measured_g", models.PositiveIntegerField(verbose_name="measured weight")),
                ("rule", models.CharField(max_length=16, verbose_name="rule")),
                ("weighed_at", models.DateTimeField(verbose_name="weighed")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="resolved")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="reason")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "packer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="packed by"
                    ),
                ),
                (
                    "parcel",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="weight_deviations", to="warehouse.parcel"),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "weighed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="weighed by",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PackingRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("video_reference", models.CharField(blank=True, max_length=200, verbose_name="video reference")),
                ("kept_until_date", models.DateField(verbose_name="kept until")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assurance.storedfile",
                        verbose_name="file",
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "parcel",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="packing_records", to="warehouse.parcel"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["kept_until_date", "id"], name="packing_record_by_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("video_reference", "")),
                            models.Q(("file", None), models.Q(("video_reference", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="packing_record_is_one_thing",
                    ),
                    models.UniqueConstraint(fields=("parcel", "file", "video_reference"), name="packing_record_once", nulls_distinct=False),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="wave",
            index=models.Index(fields=["warehouse", "-id"], name="wave_of_warehouse"),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["planned", "picking", "finished", "cancelled"])), name="wave_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("started_at", None), ("state__in", ["planned", "cancelled"])),
                    models.Q(("picker__isnull", False), ("started_at__isnull", False), ("state__in", ["picking", "finished"])),
                    _connector="OR",
                ),
                name="wave_picked_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", False), ("state", "finished")),
                    models.Q(models.Q(("state", "finished"), _negated=True), ("finished_at", None)),
                    _connector="OR",
                ),
                name="wave_finished_has_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="wave",
            constraint=models.UniqueConstraint(fields=("id", "warehouse"), name="wave_with_warehouse"),
        ),
        migrations.AddIndex(
            model_name="weightdeviation",
            index=models.Index(fields=["warehouse", "-id"], name="weight_of_warehouse"),
        ),
        migrations.AddConstraint(
            model_name="weightdeviation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "accepted", "repacked"])), name="weight_state_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="weightdeviation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("parcel",), name="weight_open_once_per_parcel"
            ),
        ),
        migrations.AddConstraint(
            model_name="weightdeviation",
            constraint=models.CheckConstraint(
                condition=models.Q(("measured_g__lt", models.F("lowest_g")), ("measured_g__gt", models.F("highest_g")), _connector="OR"),
                name="weight_is_outside",
            ),
        ),
        migrations.AddConstraint(
            model_name="weightdeviation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("resolved_at", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True), ("resolved_at__isnull", False), models.Q(("reason", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="weight_resolved_with_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="weightdeviation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "accepted"), _negated=True),
                    models.Q(("resolved_by__isnull", False), models.Q(("resolved_by", models.F("packer")), _negated=True)),
                    _connector="OR",
                ),
                name="weight_accepted_by_another",
            ),
        ),
    ]

"""What buyers send back."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0014_fee_guards"),
        ("warehouse", "0005_who_made_it_up"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReturnParcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("announced", "Expected"),
                            ("unidentified", "Unidentified"),
                            ("matched", "Matched, to be counted"),
                            ("received", "Waiting for inspection"),
                            ("inspected", "Inspected"),
                            ("closed", "Settled"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("carrier", models.CharField(blank=True, max_length=40, verbose_name="courier")),
                ("tracking_number", models.CharField(blank=True, max_length=40, verbose_name="tracking number")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="reference")),
                (
                    "buyer_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not said"),
                            ("changed_mind", "Changed his mind"),
                            ("damaged", "Arrived damaged"),
                            ("wrong_goods", "Wrong goods"),
                            ("quality", "Quality"),
                            ("not_as_described", "Not as described"),
                            ("undelivered", "Not delivered"),
                        ],
                        max_length=20,
                        verbose_name="the buyer's reason",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
                ("arrived_at", models.DateTimeField(blank=True, null=True)),
                ("received_at", models.DateTimeField(blank=True, null=True)),
                ("matched_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "announced_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "matched_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "parcel",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="returns", to="warehouse.parcel"
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["warehouse", "state", "-id"], name="return_of_warehouse"),
                    models.Index(fields=["merchant", "-id"], name="return_of_merchant"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["announced", "unidentified", "matched", "received", "inspected", "closed", "cancelled"])
                        ),
                        name="return_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "buyer_reason__in",
                                ["", "changed_mind", "damaged", "wrong_goods", "quality", "not_as_described", "undelivered"],
                            )
                        ),
                        name="return_reason_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("matched_at", None), ("parcel", None), ("state", "unidentified")),
                            models.Q(models.Q(("state", "unidentified"), _negated=True), ("parcel__isnull", False)),
                            _connector="OR",
                        ),
                        name="return_is_of_a_parcel_or_unidentified",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("received_at", None), ("state__in", ["announced", "cancelled"])),
                            models.Q(("arrived_at__isnull", False), ("received_at", None), ("state__in", ["unidentified", "matched"])),
                            models.Q(
                                ("arrived_at__isnull", False),
                                ("received_at__isnull", False),
                                ("received_by__isnull", False),
                                ("state__in", ["received", "inspected", "closed"]),
                            ),
                            _connector="OR",
                        ),
                        name="return_received_by_somebody",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("merchant", "reference"),
                        name="return_reference_once_per_merchant",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("tracking_number", ""), _negated=True), models.Q(("state", "cancelled"), _negated=True)
                        ),
                        fields=("warehouse", "carrier", "tracking_number"),
                        name="return_once_per_tracking_number",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse", "parcel"), name="return_with_sides_and_parcel"),
                    models.UniqueConstraint(fields=("id", "warehouse"), name="return_with_warehouse"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnPhoto",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile")),
                (
                    "return_parcel",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="photos", to="warehouse.returnparcel"),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("return_parcel", "file"), name="return_photo_once")],
            },
        ),
        migrations.CreateModel(
            name="ReturnUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("expected", "As shipped"), ("wrong_item", "Wrong item"), ("extra", "More than was shipped")],
                        max_length=12,
                    ),
                ),
                ("ordinal", models.PositiveIntegerField(blank=True, null=True)),
                ("scanned_code", models.CharField(max_length=80, verbose_name="scanned code")),
                ("scanned_lot", models.CharField(blank=True, max_length=40, verbose_name="scanned lot")),
                ("override_reason", models.CharField(blank=True, max_length=200, verbose_name="why more than was shipped")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Waiting for inspection"),
                            ("graded", "To be decided"),
                            ("held", "On hold"),
                            ("restocked", "Back on the shelf"),
                            ("returned", "Sent back to the merchant"),
                            ("destroyed", "Destroyed"),
                        ],
                        default="received",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        blank=True,
                        choices=[("a", "A – as new"), ("b", "B – opened"), ("c", "C – damaged"), ("d", "D – unsellable")],
                        max_length=1,
                        verbose_name="grade",
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_units",
                        to="warehouse.parcelitem",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot"
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "parcel",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="returned_units", to="warehouse.parcel"),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product"
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "return_parcel",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="units", to="warehouse.returnparcel"),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["received", "graded", "held"])),
                        fields=["warehouse", "id"],
                        name="return_unit_to_do",
                    ),
                    models.Index(fields=["product", "kind"], name="return_unit_of_product"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["received", "graded", "held", "restocked", "returned", "destroyed"])),
                        name="return_unit_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("grade", ""), ("state", "received")),
                            models.Q(models.Q(("state", "received"), _negated=True), ("grade__in", ["a", "b", "c", "d"])),
                            _connector="OR",
                        ),
                        name="return_unit_is_graded_before_anything_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("item__isnull", False),
                                ("kind", "expected"),
                                ("lot__isnull", False),
                                ("ordinal__gt", 0),
                                ("ordinal__isnull", False),
                            ),
                            models.Q(("kind", "wrong_item"), ("lot", None), ("ordinal", None)),
                            models.Q(
                                ("item__isnull", False),
                                ("kind", "extra"),
                                ("lot__isnull", False),
                                ("ordinal", None),
                                models.Q(("override_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="return_unit_is_what_it_says",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "restocked"), _negated=True), models.Q(("grade", "a"), ("kind", "expected")), _connector="OR"
                        ),
                        name="return_unit_restocked_is_as_new",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "held"), _negated=True), models.Q(("grade", "d"), _negated=True), _connector="OR"
                        ),
                        name="return_unit_held_may_be_sold",
                    ),
                    models.UniqueConstraint(fields=("item", "ordinal"), name="return_unit_once_per_shipped_unit"),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="return_unit_with_both_sides"),
                ],
            },
        ),
    ]

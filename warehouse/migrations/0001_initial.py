"""Lots, the ledger, shipment notices and receipts."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assurance", "0003_ledger_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, verbose_name="lot number")),
                ("produced_date", models.DateField(blank=True, null=True, verbose_name="production date")),
                ("expiry_date", models.DateField(blank=True, null=True, verbose_name="expiry date")),
                ("first_received_at", models.DateTimeField()),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "-id"], name="lot_of_merchant"),
                    models.Index(fields=["warehouse", "-id"], name="lot_of_warehouse"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("warehouse", "product", "number"), name="lot_once_per_warehouse"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expiry_date", None), ("produced_date", None), ("expiry_date__gt", models.F("produced_date")), _connector="OR"
                        ),
                        name="lot_expires_after_production",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="lot_with_merchant"),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse", "product"), name="lot_with_place_and_product"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(max_length=40, verbose_name="your reference")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("announced", "Announced"),
                            ("receiving", "Receiving"),
                            ("received", "Received"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="announced",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("expected_date", models.DateField(verbose_name="expected on")),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("close_reason", models.CharField(blank=True, max_length=200, verbose_name="why it was closed")),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["warehouse", "expected_date", "id"], name="shipment_expected"),
                    models.Index(fields=["merchant", "-id"], name="shipment_of_merchant"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["announced", "receiving", "received", "cancelled"])),
                        name="shipment_state_is_known",
                    ),
                    models.UniqueConstraint(fields=("merchant", "reference"), name="shipment_reference_once_per_merchant"),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="shipment_with_both_sides"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state__in", ["announced", "receiving"])),
                            models.Q(("closed_at__isnull", False), ("state__in", ["received", "cancelled"])),
                            _connector="OR",
                        ),
                        name="shipment_closed_when_over",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShipmentLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lot_number", models.CharField(max_length=40, verbose_name="lot number")),
                ("produced_date", models.DateField(blank=True, null=True, verbose_name="production date")),
                ("expiry_date", models.DateField(blank=True, null=True, verbose_name="expiry date")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("cartons", models.PositiveIntegerField(blank=True, null=True, verbose_name="cartons")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "notice",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="warehouse.shipmentnotice"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="shipment_quantity_is_positive"),
                    models.UniqueConstraint(fields=("notice", "product", "lot_number"), name="shipment_line_once"),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse", "product"), name="shipment_line_with_sides_and_product"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expiry_date", None), ("produced_date", None), ("expiry_date__gt", models.F("produced_date")), _connector="OR"
                        ),
                        name="shipment_expires_after_production",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "custody",
                    models.CharField(
                        choices=[
                            ("arrival", "Arrival"),
                            ("pending", "Pending inspection"),
                            ("released", "Released"),
                            ("held", "On hold"),
                            ("sampled", "Taken as samples"),
                            ("returned", "Returned to merchant"),
                            ("destroyed", "Destroyed"),
                            ("shipped", "Shipped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("quantity", models.IntegerField()),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="balances", to="warehouse.lot")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("lot", "custody"), name="balance_once_per_lot_and_custody"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("custody", "arrival"), ("quantity__lte", 0)),
                            models.Q(models.Q(("custody", "arrival"), _negated=True), ("quantity__gte", 0)),
                            _connector="OR",
                        ),
                        name="balance_is_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("custody__in", ["arrival", "pending", "released", "held", "sampled", "returned", "destroyed", "shipped"])
                        ),
                        name="balance_custody_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StockMove",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("arrival", "Arrival"),
                            ("pending", "Pending inspection"),
                            ("released", "Released"),
                            ("held", "On hold"),
                            ("sampled", "Taken as samples"),
                            ("returned", "Returned to merchant"),
                            ("destroyed", "Destroyed"),
                            ("shipped", "Shipped"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("arrival", "Arrival"),
                            ("pending", "Pending inspection"),
                            ("released", "Released"),
                            ("held", "On hold"),
                            ("sampled", "Taken as samples"),
                            ("returned", "Returned to merchant"),
                            ("destroyed", "Destroyed"),
                            ("shipped", "Shipped"),
                        ],
                        max_length=12,
                    ),
                ),
                ("quantity", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "because",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("accepted", "Inspection accepted"),
                            ("rejected", "Inspection not accepted"),
                            ("stopped", "Inspection accepted, but a stop is open"),
                        ],
                        max_length=24,
                    ),
                ),
                ("reference", models.CharField(max_length=120)),
                ("clearance_kind", models.CharField(blank=True, max_length=8, null=True)),
                ("clearance_verdict", models.CharField(blank=True, max_length=8, null=True)),
                ("actor", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                (
                    "clearance",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"
                    ),
                ),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="moves", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "indexes": [models.Index(fields=["lot", "id"], name="move_of_lot")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="move_quantity_is_positive"),
                    models.CheckConstraint(condition=models.Q(("source", models.F("target")), _negated=True), name="move_goes_somewhere"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("source__in", ["arrival", "pending", "released", "held", "sampled", "returned", "destroyed", "shipped"]),
                            ("target__in", ["arrival", "pending", "released", "held", "sampled", "returned", "destroyed", "shipped"]),
                        ),
                        name="move_custody_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("source", "arrival"), ("target__in", ["pending"])),
                            models.Q(("source", "pending"), ("target__in", ["held", "released", "sampled"])),
                            models.Q(("source", "released"), ("target__in", ["held", "sampled"])),
                            models.Q(("source", "held"), ("target__in", ["destroyed", "pending", "returned", "sampled"])),
                            models.Q(("source", "sampled"), ("target__in", ["destroyed"])),
                            _connector="OR",
                        ),
                        name="move_follows_custody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clearance", None), ("clearance_kind", None), ("clearance_verdict", None)),
                            models.Q(("clearance__isnull", False), ("clearance_kind__isnull", False), ("clearance_verdict__isnull", False)),
                            _connector="OR",
                        ),
                        name="move_clearance_is_whole",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("target", "released"), _negated=True),
                            models.Q(
                                ("clearance__isnull", False),
                                ("clearance_kind", "lot"),
                                ("clearance_kind__isnull", False),
                                ("clearance_verdict", "released"),
                                ("clearance_verdict__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="move_to_released_needs_clearance",
                    ),
                    models.UniqueConstraint(fields=("clearance",), name="move_once_per_clearance"),
                    models.UniqueConstraint(fields=("lot", "reference"), name="move_once_per_reference"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("message", models.CharField(max_length=80)),
                ("received_at", models.DateTimeField()),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "received_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "line",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="receipts", to="warehouse.shipmentline"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="receipt_quantity_is_positive"),
                    models.UniqueConstraint(fields=("warehouse", "message"), name="receipt_once_per_message"),
                ],
            },
        ),
    ]

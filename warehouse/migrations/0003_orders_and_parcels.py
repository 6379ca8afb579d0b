"""Orders, promises of goods, parcels; units that are promised."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0007_jobs_in_flight"),
        ("warehouse", "0002_goods_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=24, verbose_name="marketplace")),
                ("number", models.CharField(max_length=40, verbose_name="order number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("paid", "Paid"),
                            ("short", "Waiting for stock"),
                            ("allocated", "Stock allocated"),
                            ("packed", "Packed"),
                            ("shipped", "Handed over to the courier"),
                            ("delivered", "Delivered"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="paid",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("marketplace_state", models.CharField(blank=True, max_length=24, verbose_name="state at the marketplace")),
                ("ordered_at", models.DateTimeField(verbose_name="ordered")),
                ("paid_at", models.DateTimeField(verbose_name="paid")),
                ("ship_by", models.DateTimeField(verbose_name="ship by")),
                ("promised_at", models.DateTimeField(verbose_name="promised to the buyer")),
                ("clock_flags", models.JSONField(default=list)),
                ("taken_at", models.DateTimeField()),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                ("cancel_reason", models.CharField(blank=True, max_length=200, verbose_name="why it was cancelled")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("taken_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "-id"], name="order_of_merchant"),
                    models.Index(condition=models.Q(("state__in", ["paid", "short"])), fields=["paid_at", "id"], name="order_waiting"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "number"), name="order_once_per_source"),
                    models.UniqueConstraint(fields=("id", "merchant"), name="order_with_merchant"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["paid", "short", "allocated", "packed", "shipped", "delivered", "cancelled"])),
                        name="order_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("cancelled_at__isnull", False), ("state", "cancelled")),
                            models.Q(models.Q(("state", "cancelled"), _negated=True), ("cancelled_at", None)),
                            _connector="OR",
                        ),
                        name="order_cancelled_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OrderLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("unit_price", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="unit price")),
                ("freight", models.DecimalField(decimal_places=2, default=0, max_digits=14, verbose_name="freight")),
                ("allocated", models.PositiveIntegerField(default=0)),
                ("badge", models.JSONField(default=dict)),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="warehouse.order")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "-order"], name="order_line_of_merchant"),
                    models.Index(
                        condition=models.Q(("allocated__lt", models.F("quantity"))), fields=["product"], name="order_line_waiting"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("order", "number"), name="order_line_once"),
                    models.UniqueConstraint(fields=("id", "order", "merchant", "product"), name="order_line_with_owner_and_product"),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="order_line_quantity_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("freight__gte", 0), ("unit_price__gte", 0)), name="order_line_amounts_are_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("allocated__lte", models.F("quantity"))), name="order_line_allocates_no_more"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("picking", "To be picked and packed"),
                            ("packed", "Packed"),
                            ("checked", "Checked"),
                            ("handed_over", "Handed over to the courier"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="picking",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("ship_by", models.DateTimeField(verbose_name="ship by")),
                ("created_at", models.DateTimeField()),
                ("picking_at", models.DateTimeField(blank=True, null=True)),
                ("picked_at", models.DateTimeField(blank=True, null=True)),
                ("packed_at", models.DateTimeField(blank=True, null=True)),
                ("estimated_weight_g", models.PositiveIntegerField(blank=True, null=True, verbose_name="estimated weight")),
                ("measured_weight_g", models.PositiveIntegerField(blank=True, null=True, verbose_name="measured weight")),
                ("length_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="length")),
                ("width_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="width")),
                ("height_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="height")),
                ("clearance_kind", models.CharField(blank=True, max_length=8, null=True)),
                ("clearance_verdict", models.CharField(blank=True, max_length=8, null=True)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("handed_over_at", models.DateTimeField(blank=True, null=True)),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("cancelled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "clearance",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parcels", to="warehouse.order")),
                (
                    "packed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "picker",
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
                    models.Index(fields=["merchant", "-id"], name="parcel_of_merchant"),
                    models.Index(fields=["warehouse", "-id"], name="parcel_of_warehouse"),
                    models.Index(
                        condition=models.Q(("state__in", ["picking", "packed", "checked"])),
                        fields=["warehouse", "ship_by", "id"],
                        name="parcel_to_work_on",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["picking", "packed", "checked", "handed_over", "cancelled"])),
                        name="parcel_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled"), _negated=True),
                        fields=("order", "merchant", "warehouse"),
                        name="parcel_once_per_owner_and_place",
                    ),
                    models.UniqueConstraint(fields=("id", "merchant"), name="parcel_with_merchant"),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse"), name="parcel_with_both_sides"),
                    models.UniqueConstraint(fields=("id", "order", "merchant", "warehouse"), name="parcel_with_order_and_sides"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("clearance", None), ("clearance_kind", None), ("clearance_verdict", None)),
                            models.Q(
                                ("clearance__isnull", False),
                                ("clearance_kind", "parcel"),
                                ("clearance_kind__isnull", False),
                                ("clearance_verdict", "released"),
                                ("clearance_verdict__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="parcel_clearance_is_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["checked", "handed_over"]), _negated=True),
                            ("clearance__isnull", False),
                            _connector="OR",
                        ),
                        name="parcel_goes_out_with_clearance",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_over_at__isnull", False), ("state", "handed_over")),
                            models.Q(models.Q(("state", "handed_over"), _negated=True), ("delivered_at", None), ("handed_over_at", None)),
                            _connector="OR",
                        ),
                        name="parcel_handed_over_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["picking", "cancelled"]),
                            models.Q(("packed_at__isnull", False), ("packed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="parcel_packed_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60)),
                ("phone", models.CharField(max_length=24)),
                ("province", models.CharField(max_length=24, verbose_name="province")),
                ("city", models.CharField(max_length=40, verbose_name="city")),
                ("district", models.CharField(blank=True, max_length=40, verbose_name="district")),
                ("address", models.CharField(max_length=160)),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "order",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="recipient", to="warehouse.order"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Allocation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Allocated"), ("picked", "Picked"), ("shipped", "Shipped"), ("freed", "Freed")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("order", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="warehouse.order")),
                (
                    "line",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="warehouse.orderline"),
                ),
                (
                    "parcel",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="allocations", to="warehouse.parcel"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lot", "-id"], name="allocation_of_lot")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "picked", "shipped", "freed"])), name="allocation_state_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("quantity__gt", 0)), name="allocation_quantity_is_positive"),
                    models.UniqueConstraint(fields=("parcel", "line", "lot"), name="allocation_once_per_line_and_lot"),
                    models.UniqueConstraint(
                        fields=("id", "parcel", "merchant", "warehouse", "product", "lot"), name="allocation_with_parcel_and_goods"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParcelItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("quantity", models.PositiveIntegerField()),
                ("scanned_at", models.DateTimeField()),
                (
                    "allocation",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="item", to="warehouse.allocation"),
                ),
                ("lot", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.lot")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("parcel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="items", to="warehouse.parcel")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["lot", "-id"], name="parcel_item_of_lot")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("quantity__gte", 0)), name="parcel_item_quantity_is_not_negative"),
                    models.UniqueConstraint(fields=("id", "parcel", "merchant", "product", "lot"), name="parcel_item_with_owner_and_goods"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="stockmove",
            name="move_follows_custody",
        ),
        migrations.RemoveConstraint(
            model_name="stockmove",
            name="move_once_per_clearance",
        ),
        migrations.AddField(
            model_name="stockbalance",
            name="reserved",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="stockmove",
            name="parcel_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="because",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("accepted", "Inspection accepted"),
                    ("rejected", "Inspection not accepted"),
                    ("stopped", "Inspection accepted, but a stop is open"),
                    ("shipped", "Handed over to the courier"),
                    ("came_back", "Came back from the customer"),
                    ("sampled", "Drawn for the laboratory"),
                    ("restocked", "Return inspection: as new"),
                    ("put_aside", "Put aside"),
                    ("sent_back", "Sent back to the merchant"),
                    ("destroyed", "Destroyed"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddIndex(
            model_name="stockmove",
            index=models.Index(condition=models.Q(("parcel_id__isnull", False)), fields=["parcel_id"], name="move_of_parcel"),
        ),
        migrations.AddConstraint(
            model_name="stockbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reserved", 0),
                    models.Q(("custody", "released"), ("reserved__gte", 0), ("reserved__lte", models.F("quantity"))),
                    _connector="OR",
                ),
                name="balance_is_not_oversold",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "arrival"), ("target__in", ["pending"])),
                    models.Q(("source", "pending"), ("target__in", ["held", "released", "sampled"])),
                    models.Q(("source", "released"), ("target__in", ["held", "sampled", "shipped"])),
                    models.Q(("source", "held"), ("target__in", ["destroyed", "pending", "returned", "sampled"])),
                    models.Q(("source", "sampled"), ("target__in", ["destroyed"])),
                    models.Q(("source", "shipped"), ("target__in", ["pending"])),
                    _connector="OR",
                ),
                name="move_follows_custody",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("target", "shipped"), _negated=True),
                    models.Q(
                        ("clearance__isnull", False),
                        ("clearance_kind", "parcel"),
                        ("clearance_kind__isnull", False),
                        ("clearance_verdict", "released"),
                        ("clearance_verdict__isnull", False),
                        ("parcel_id__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="move_to_shipped_needs_parcel",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("parcel_id", None), ("target", "shipped"), models.Q(("clearance", None), ("source", "shipped")), _connector="OR"
                ),
                name="move_with_parcel_leaves_or_comes_back",
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.UniqueConstraint(fields=("clearance", "lot"), name="move_once_per_clearance"),
        ),
        migrations.AddField(
            model_name="stockmove",
            name="clearance_subject_id",
            field=models.GeneratedField(
                db_persist=True,
                expression=django.db.models.functions.comparison.Coalesce("parcel_id", "lot_id"),
                output_field=models.BigIntegerField(),
            ),
        ),
    ]

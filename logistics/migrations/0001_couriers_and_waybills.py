"""Couriers' services and prices, waybills, hand-overs, tracking events."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("assurance", "0014_fee_guards"),
        ("warehouse", "0005_who_made_it_up"),
    ]

    operations = [
        migrations.CreateModel(
            name="CourierService",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24, verbose_name="code")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=60, verbose_name="English name")),
                ("company_code", models.CharField(max_length=32, verbose_name="Kuaidi100 code")),
                ("adapter", models.CharField(max_length=24, verbose_name="programme")),
                ("provinces", models.JSONField(blank=True, default=list, verbose_name="provinces")),
                ("certified_until", models.DateField(blank=True, null=True, verbose_name="certified until")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                ("created_at", models.DateTimeField()),
                ("courier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="courier_service_code_once"),
                    models.UniqueConstraint(fields=("id", "courier"), name="courier_service_with_courier"),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("code", ""), _negated=True), models.Q(("company_code", ""), _negated=True)),
                        name="courier_service_has_codes",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("province", models.CharField(max_length=2, verbose_name="province")),
                ("updated_at", models.DateTimeField()),
                (
                    "warehouse",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "province__in",
                                [
                                    "11",
                                    "12",
                                    "13",
                                    "14",
                                    "15",
                                    "21",
                                    "22",
                                    "23",
                                    "31",
                                    "32",
                                    "33",
                                    "34",
                                    "35",
                                    "36",
                                    "37",
                                    "41",
                                    "42",
                                    "43",
                                    "44",
                                    "45",
                                    "46",
                                    "50",
                                    "51",
                                    "52",
                                    "53",
                                    "54",
                                    "61",
                                    "62",
                                    "63",
                                    "64",
                                    "65",
                                ],
                            )
                        ),
                        name="origin_province_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Manifest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("parcels", models.PositiveIntegerField(verbose_name="parcels")),
                ("handed_at", models.DateTimeField()),
                ("courier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "handed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="logistics.courierservice"),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=models.Q(("parcels__gt", 0)), name="manifest_is_not_empty")],
            },
        ),
        migrations.CreateModel(
            name="PriceVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="logistics.courierservice"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("valid_until", None), ("valid_until__gt", models.F("valid_from")), _connector="OR"),
                        name="prices_end_after_they_begin",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.Func(models.F("service"), models.F("service"), models.Value("[]"), function="INT8RANGE"), "&&"),
                            (models.Func(models.F("valid_from"), models.F("valid_until"), function="DATERANGE"), "&&"),
                        ],
                        name="prices_of_one_day_are_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Waybill",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("attempt", models.PositiveSmallIntegerField(default=1, verbose_name="attempt")),
                ("request_key", models.CharField(max_length=40, unique=True)),
                ("number", models.CharField(blank=True, max_length=32, verbose_name="waybill number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Asked for"),
                            ("created", "Booked"),
                            ("refused", "Refused by the courier"),
                            ("cancelled", "Cancelled"),
                            ("handed_over", "Handed over"),
                            ("in_transit", "On the way"),
                            ("out_for_delivery", "Out for delivery"),
                            ("exception", "Exception"),
                            ("delivered", "Delivered"),
                            ("returned", "Returned to the warehouse"),
                            ("lost", "Lost"),
                        ],
                        default="requested",
                        max_length=20,
                        verbose_name="state",
                    ),
                ),
                ("origin_province", models.CharField(max_length=2, verbose_name="from")),
                ("destination_province", models.CharField(max_length=2, verbose_name="to")),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("local", "Same province"),
                            ("near", "Same region"),
                            ("middle", "Middle distance"),
                            ("far", "Far"),
                            ("remote", "Remote"),
                        ],
                        max_length=8,
                        verbose_name="zone",
                    ),
                ),
                ("actual_weight_g", models.PositiveIntegerField(verbose_name="weight by scale, g")),
                ("volumetric_weight_g", models.PositiveIntegerField(verbose_name="weight by volume, g")),
                ("billed_weight_g", models.PositiveIntegerField(verbose_name="billed weight, g")),
                ("fee", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="courier's price")),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("cheapest", "Cheapest"),
                            ("fastest", "Fastest"),
                            ("most_reliable", "Most punctual"),
                            ("fixed", "A certain service"),
                        ],
                        max_length=16,
                        verbose_name="rule",
                    ),
                ),
                ("because", models.CharField(max_length=240, verbose_name="why this courier")),
                ("alternatives", models.JSONField(default=dict, verbose_name="alternatives")),
                ("paid_at", models.DateTimeField(verbose_name="paid")),
                ("promised_pickup_at", models.DateTimeField(verbose_name="pick-up promised by")),
                ("promised_delivery_date", models.DateField(verbose_name="delivery promised by")),
                ("promised_days", models.PositiveSmallIntegerField(verbose_name="days promised by the courier")),
                ("requested_at", models.DateTimeField(verbose_name="asked for")),
                ("booked_at", models.DateTimeField(blank=True, null=True, verbose_name="booked")),
                ("handed_over_at", models.DateTimeField(blank=True, null=True, verbose_name="handed over")),
                ("picked_up_at", models.DateTimeField(blank=True, null=True, verbose_name="picked up")),
                ("delivered_at", models.DateTimeField(blank=True, null=True, verbose_name="delivered")),
                ("last_event_at", models.DateTimeField(blank=True, null=True, verbose_name="last event")),
                ("late_told_at", models.DateTimeField(blank=True, null=True, verbose_name="told to be late")),
                (
                    "incident",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recipient_absent", "Nobody there to receive it"),
                            ("recipient_refused", "Refused by the recipient"),
                            ("address_wrong", "Address wrong or incomplete"),
                            ("damaged", "Damaged on the way"),
                            ("lost_by_courier", "Lost on the way"),
                            ("late", "Late"),
                            ("missorted", "Sent the wrong way"),
                            ("packaging", "Packaging too weak"),
                            ("forbidden_goods", "Goods that may not be carried"),
                            ("weather", "Weather or closed roads"),
                            ("unclear", "Reason unclear"),
                        ],
                        max_length=24,
                        verbose_name="incident",
                    ),
                ),
                (
                    "responsible",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recipient", "Recipient"),
                            ("courier", "Courier"),
                            ("warehouse", "Warehouse"),
                            ("merchant", "Merchant"),
                            ("nobody", "Nobody"),
                            ("unclear", "Unclear"),
                        ],
                        max_length=12,
                        verbose_name="responsible",
                    ),
                ),
                ("is_contradictory", models.BooleanField(default=False, verbose_name="contradictory events")),
                ("close_reason", models.CharField(blank=True, max_length=200, verbose_name="why it ended")),
                ("courier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("parcel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel")),
                (
                    "requested_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "service",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="waybills", to="logistics.courierservice"),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "-id"], name="waybill_of_merchant"),
                    models.Index(fields=["warehouse", "-id"], name="waybill_of_warehouse"),
                    models.Index(fields=["courier", "-id"], name="waybill_of_courier"),
                    models.Index(fields=["number"], name="waybill_by_number"),
                    models.Index(
                        condition=models.Q(
                            ("late_told_at", None), ("state__in", ["exception", "handed_over", "in_transit", "out_for_delivery"])
                        ),
                        fields=["promised_delivery_date"],
                        name="waybill_may_be_late",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "requested",
                                    "created",
                                    "refused",
                                    "cancelled",
                                    "handed_over",
                                    "in_transit",
                                    "out_for_delivery",
                                    "exception",
                                    "delivered",
                                    "returned",
                                    "lost",
                                ],
                            )
                        ),
                        name="waybill_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("zone__in", ["local", "near", "middle", "far", "remote"])), name="waybill_zone_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule__in", ["cheapest", "fastest", "most_reliable", "fixed"])), name="waybill_rule_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("incident", ""),
                            (
                                "incident__in",
                                [
                                    "recipient_absent",
                                    "recipient_refused",
                                    "address_wrong",
                                    "damaged",
                                    "lost_by_courier",
                                    "late",
                                    "missorted",
                                    "packaging",
                                    "forbidden_goods",
                                    "weather",
                                    "unclear",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="waybill_incident_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("responsible", ""),
                            ("responsible__in", ["recipient", "courier", "warehouse", "merchant", "nobody", "unclear"]),
                            _connector="OR",
                        ),
                        name="waybill_responsible_is_known",
                    ),
                    models.UniqueConstraint(fields=("parcel", "attempt"), name="waybill_once_per_attempt"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["cancelled", "lost", "refused", "returned"]), _negated=True),
                        fields=("parcel",),
                        name="waybill_live_once_per_parcel",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("number", ""), _negated=True),
                        fields=("service", "number"),
                        name="waybill_number_once_per_service",
                    ),
                    models.UniqueConstraint(
                        fields=("id", "parcel", "merchant", "warehouse", "courier"), name="waybill_with_parcel_and_sides"
                    ),
                    models.UniqueConstraint(fields=("id", "merchant", "warehouse", "courier"), name="waybill_with_sides"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "refused", "cancelled"]), models.Q(("number", ""), _negated=True), _connector="OR"
                        ),
                        name="waybill_booked_has_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("handed_over_at", None), ("state__in", ["requested", "created", "refused", "cancelled"])),
                            models.Q(
                                models.Q(("state__in", ["requested", "created", "refused", "cancelled"]), _negated=True),
                                ("handed_over_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="waybill_left_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "delivered"), _negated=True), ("delivered_at__isnull", False), _connector="OR"
                        ),
                        name="waybill_delivered_has_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempt__gt", 0), ("billed_weight_g__gt", 0), ("fee__gte", 0)), name="waybill_weighs_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PriceBand",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "zone",
                    models.CharField(
                        choices=[
                            ("local", "Same province"),
                            ("near", "Same region"),
                            ("middle", "Middle distance"),
                            ("far", "Far"),
                            ("remote", "Remote"),
                        ],
                        max_length=8,
                        verbose_name="zone",
                    ),
                ),
                ("first_weight_g", models.PositiveIntegerField(verbose_name="first weight, g")),
                ("first_fee", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="first fee")),
                ("step_weight_g", models.PositiveIntegerField(verbose_name="step, g")),
                ("step_fee", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="fee per step")),
                ("days", models.PositiveSmallIntegerField(verbose_name="promised days")),
                (
                    "version",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="bands", to="logistics.priceversion"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "zone"), name="price_once_per_zone"),
                    models.CheckConstraint(
                        condition=models.Q(("zone__in", ["local", "near", "middle", "far", "remote"])), name="price_zone_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("days__gt", 0),
                            ("first_fee__gte", 0),
                            ("first_weight_g__gt", 0),
                            ("step_fee__gte", 0),
                            ("step_weight_g__gt", 0),
                        ),
                        name="price_is_not_negative",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TrackingEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("api", "Courier's system"),
                            ("scan", "Scan by the courier"),
                            ("marketplace", "Marketplace"),
                            ("replay", "Replay"),
                        ],
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                ("source_key", models.CharField(max_length=80, verbose_name="key at the source")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("picked_up", "Picked up"),
                            ("departed", "On the way"),
                            ("arrived", "Arrived in the city"),
                            ("out_for_delivery", "Out for delivery"),
                            ("at_pickup_point", "At the pick-up point"),
                            ("delivered", "Delivered"),
                            ("problem", "Problem"),
                            ("returning", "On the way back"),
                            ("returned", "Returned to the sender"),
                            ("lost", "Lost"),
                            ("unknown", "Not understood"),
                        ],
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("raw_status", models.CharField(max_length=40, verbose_name="courier's word")),
                (
                    "incident",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recipient_absent", "Nobody there to receive it"),
                            ("recipient_refused", "Refused by the recipient"),
                            ("address_wrong", "Address wrong or incomplete"),
                            ("damaged", "Damaged on the way"),
                            ("lost_by_courier", "Lost on the way"),
                            ("late", "Late"),
                            ("missorted", "Sent the wrong way"),
                            ("packaging", "Packaging too weak"),
                            ("forbidden_goods", "Goods that may not be carried"),
                            ("weather", "Weather or closed roads"),
                            ("unclear", "Reason unclear"),
                        ],
                        max_length=24,
                        verbose_name="incident",
                    ),
                ),
                (
                    "responsible",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recipient", "Recipient"),
                            ("courier", "Courier"),
                            ("warehouse", "Warehouse"),
                            ("merchant", "Merchant"),
                            ("nobody", "Nobody"),
                            ("unclear", "Unclear"),
                        ],
                        max_length=12,
                        verbose_name="responsible",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="place")),
                ("occurred_at", models.DateTimeField(verbose_name="happened")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("clock_suspect", models.BooleanField(default=False, verbose_name="clock in doubt")),
                ("courier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("waybill", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="events", to="logistics.waybill")),
            ],
            options={
                "indexes": [models.Index(fields=["waybill", "occurred_at", "id"], name="tracking_of_waybill")],
                "constraints": [
                    models.UniqueConstraint(fields=("waybill", "source", "source_key"), name="tracking_event_once_per_key"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "picked_up",
                                    "departed",
                                    "arrived",
                                    "out_for_delivery",
                                    "at_pickup_point",
                                    "delivered",
                                    "problem",
                                    "returning",
                                    "returned",
                                    "lost",
                                    "unknown",
                                ],
                            )
                        ),
                        name="tracking_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("incident", ""),
                            (
                                "incident__in",
                                [
                                    "recipient_absent",
                                    "recipient_refused",
                                    "address_wrong",
                                    "damaged",
                                    "lost_by_courier",
                                    "late",
                                    "missorted",
                                    "packaging",
                                    "forbidden_goods",
                                    "weather",
                                    "unclear",
                                ],
                            ),
                            _connector="OR",
                        ),
                        name="tracking_incident_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("incident", ""), ("responsible", "")),
                            models.Q(
                                models.Q(("incident", ""), _negated=True),
                                ("responsible__in", ["recipient", "courier", "warehouse", "merchant", "nobody", "unclear"]),
                            ),
                            _connector="OR",
                        ),
                        name="tracking_incident_names_a_party",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__in", ["api", "scan", "marketplace", "replay"])), name="tracking_source_is_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("clearance_kind", models.CharField(default="parcel", max_length=8)),
                ("clearance_verdict", models.CharField(default="released", max_length=8)),
                ("handed_at", models.DateTimeField()),
                ("clearance", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance")),
                ("courier", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "handed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("parcel", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "manifest",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="hand_overs", to="logistics.manifest"),
                ),
                (
                    "waybill",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="hand_over", to="logistics.waybill"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["handed_at"], name="hand_over_by_day")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("clearance_kind", "parcel"), ("clearance_verdict", "released")), name="hand_over_is_cleared"
                    )
                ],
            },
        ),
    ]

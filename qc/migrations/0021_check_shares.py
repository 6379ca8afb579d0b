"""Which share of parcels is checked before sealing, and the draws: the seed is the one committed to, what was drawn is checked."""

import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

from assurance.database import AppendOnly, SameOwner

SIDES = ("merchant_id", "warehouse_id")
COMMITTED = """
ALTER TABLE qc_drawday ADD CONSTRAINT draw_day_seed_is_the_one_committed_to
CHECK (encode(sha256(decode(seed, 'hex')), 'hex') = commitment)
"""
# as qc.checks.shares.ticket_of computes it
BY_THE_SEED = """
CREATE FUNCTION check_parcel_draw() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.ticket <> (SELECT ('x' || left(encode(sha256(convert_to(d.seed || ':' || NEW.parcel_id, 'UTF8')), 'hex'), 8))::bit(32)::bigint % 10000
                        FROM public.qc_drawday d WHERE d.id = NEW.day_id) THEN
        RAISE EXCEPTION 'the draw of parcel % is not that of the seed of its day', NEW.parcel_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_draw_by_the_seed', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
BY_THE_SEED_TRIGGER = """
CREATE TRIGGER parcel_draw_by_the_seed BEFORE INSERT ON qc_parceldraw FOR EACH ROW EXECUTE FUNCTION check_parcel_draw()
"""
# P7.2: whoever writes, what was drawn is not sealed without its check
DRAWN_IS_CHECKED = """
CREATE FUNCTION check_drawn_parcel_is_checked() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM public.qc_parceldraw d WHERE d.parcel_id = NEW.id AND d.is_drawn)
       AND NOT EXISTS (SELECT FROM public.qc_outboundcheck c WHERE c.clearance_id = NEW.clearance_id AND c.verdict = 'passed') THEN
        RAISE EXCEPTION 'parcel % was drawn and has not passed its check', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_drawn_is_checked', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
DRAWN_IS_CHECKED_TRIGGER = """
CREATE TRIGGER parcel_drawn_is_checked BEFORE UPDATE OF state ON warehouse_parcel
FOR EACH ROW WHEN (NEW.state = 'checked' AND OLD.state <> 'checked') EXECUTE FUNCTION check_drawn_parcel_is_checked()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0038_disposition_stage"),
        ("qc", "0020_deadlines_decide"),
        ("warehouse", "0021_sealed_after_the_check"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DrawDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day_date", models.DateField()),
                ("commitment", models.CharField(max_length=64)),
                ("seed", models.CharField(max_length=64)),
                ("begun_at", models.DateTimeField(verbose_name="begun")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ParcelDraw",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent")),
                ("ticket", models.PositiveSmallIntegerField(verbose_name="number in the draw")),
                ("is_drawn", models.BooleanField(verbose_name="drawn")),
                ("drawn_at", models.DateTimeField()),
                (
                    "clearance",
                    models.OneToOneField(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance"
                    ),
                ),
                ("day", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="draws", to="qc.drawday")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("parcel", models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="warehouse.parcel")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CheckShare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("category", models.CharField(blank=True, max_length=32, verbose_name="category")),
                ("percent", models.PositiveSmallIntegerField(verbose_name="percent")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("set_at", models.DateTimeField(verbose_name="set")),
                (
                    "merchant",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="set by"
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("percent__gte", 1), ("percent__lte", 100)), name="check_share_is_a_share"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="check_share_has_a_reason"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="drawday",
            constraint=models.UniqueConstraint(fields=("warehouse", "day_date"), name="draw_day_once"),
        ),
        migrations.AddConstraint(
            model_name="drawday",
            constraint=models.UniqueConstraint(fields=("id", "warehouse"), name="draw_day_with_warehouse"),
        ),
        migrations.AddConstraint(
            model_name="parceldraw",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__gte", 1), ("percent__lt", 100), ("ticket__lt", 10000)), name="parcel_draw_is_a_draw"
            ),
        ),
        migrations.AddConstraint(
            model_name="parceldraw",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("clearance", None),
                        ("is_drawn", True),
                        ("ticket__lt", django.db.models.expressions.CombinedExpression(models.F("percent"), "*", models.Value(100))),
                    ),
                    models.Q(
                        ("clearance__isnull", False),
                        ("is_drawn", False),
                        ("ticket__gte", django.db.models.expressions.CombinedExpression(models.F("percent"), "*", models.Value(100))),
                    ),
                    _connector="OR",
                ),
                name="parcel_draw_says_what_it_drew",
            ),
        ),
        migrations.RunSQL([COMMITTED], ["ALTER TABLE qc_drawday DROP CONSTRAINT draw_day_seed_is_the_one_committed_to"]),
        SameOwner("qc_checkshare", ("set_by_id", "organisation_id"), "assurance_user", ("id", "organisation_id")),
        SameOwner("qc_parceldraw", ("parcel_id", *SIDES), "warehouse_parcel", ("id", *SIDES)),
        SameOwner("qc_parceldraw", ("day_id", "warehouse_id"), "qc_drawday", ("id", "warehouse_id")),
        migrations.RunSQL(
            [BY_THE_SEED, BY_THE_SEED_TRIGGER],
            ["DROP TRIGGER parcel_draw_by_the_seed ON qc_parceldraw", "DROP FUNCTION check_parcel_draw()"],
        ),
        migrations.RunSQL(
            [DRAWN_IS_CHECKED, DRAWN_IS_CHECKED_TRIGGER],
            ["DROP TRIGGER parcel_drawn_is_checked ON warehouse_parcel", "DROP FUNCTION check_drawn_parcel_is_checked()"],
        ),
        AppendOnly("qc_checkshare"),
        AppendOnly("qc_drawday"),
        AppendOnly("qc_parceldraw"),
    ]

"""A parcel is sealed after its check; units that carry numbers are kept and compared by them."""

import django.contrib.postgres.fields
from django.conf import settings
from django.db import migrations, models

from assurance.database import AlsoChanging

WAS_SEALED = "UPDATE warehouse_parcel SET sealed_at = handed_over_at WHERE state = 'handed_over'"
# What left with numbers comes back by them: another number is another unit (P8.3); one that cannot be read has a reason.
OWN_NUMBER = """
CREATE FUNCTION check_return_serial() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN public.warehouse_parcelitem i ON i.id = fresh.item_id
                WHERE fresh.kind = 'expected' AND cardinality(i.serials) > 0 AND fresh.scanned_serial <> ALL (i.serials)
                  AND (fresh.scanned_serial <> '' OR fresh.override_reason = '')) THEN
        RAISE EXCEPTION 'a unit of another serial number was shipped'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'return_unit_has_a_shipped_serial', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
OWN_NUMBER_TRIGGER = """
CREATE TRIGGER return_unit_has_a_shipped_serial AFTER INSERT ON warehouse_returnunit REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION check_return_serial()
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0038_disposition_stage"),
        ("warehouse", "0020_what_bins_hold"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="parcel",
            name="sealed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="parcelitem",
            name="serials",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="returnunit",
            name="scanned_serial",
            field=models.CharField(blank=True, max_length=40, verbose_name="scanned serial number"),
        ),
        migrations.RunSQL([WAS_SEALED], migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(("sealed_at", None), ("state__in", ["checked", "handed_over"]), _connector="OR"),
                name="parcel_sealed_after_its_check",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcel",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "handed_over"), _negated=True), ("sealed_at__isnull", False), _connector="OR"),
                name="parcel_leaves_sealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="parcelitem",
            constraint=models.CheckConstraint(
                condition=models.Q(("serials__len", 0), ("serials__len", models.F("quantity")), _connector="OR"),
                name="parcel_item_serials_are_all_or_none",
            ),
        ),
        migrations.AddConstraint(
            model_name="returnunit",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "expected"), models.Q(("scanned_serial", ""), _negated=True)),
                fields=("item", "scanned_serial"),
                name="return_unit_once_per_serial",
            ),
        ),
        migrations.RunSQL(
            [OWN_NUMBER, OWN_NUMBER_TRIGGER],
            ["DROP TRIGGER return_unit_has_a_shipped_serial ON warehouse_returnunit", "DROP FUNCTION check_return_serial()"],
        ),
        AlsoChanging("warehouse_parcel", "sealed_at"),
        AlsoChanging("warehouse_parcelitem", "serials"),
    ]

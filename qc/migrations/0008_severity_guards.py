"""What severities may do, whoever writes: they step along the rules, and every switch is kept with what caused it."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

SIDES = ("merchant_id", "warehouse_id")

KEPT = """
CREATE FUNCTION check_switch_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.qc_severityswitch s
                    WHERE s.of_id = NEW.id AND s.number = NEW.switches AND s.before = OLD.severity AND s.after = NEW.severity) THEN
        RAISE EXCEPTION 'a severity switches only with the record of what caused it'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
KEPT_TRIGGER = """
CREATE CONSTRAINT TRIGGER severity_switch_is_kept AFTER UPDATE ON qc_classseverity DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN (OLD.severity <> NEW.severity) EXECUTE FUNCTION check_switch_is_kept()
"""


class Migration(migrations.Migration):
    dependencies = [("qc", "0007_severities")]

    operations = [
        SameOwner("qc_classseverity", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("qc_severityswitch", ("of_id", *SIDES), "qc_classseverity", ("id", *SIDES)),
        SameOwner("qc_severityswitch", ("inspection_id", "merchant_id"), "qc_inspection", ("id", "merchant_id")),
        migrations.RunSQL(
            [KEPT, KEPT_TRIGGER],
            ["DROP TRIGGER severity_switch_is_kept ON qc_classseverity", "DROP FUNCTION check_switch_is_kept()"],
        ),
        AppendOnly("qc_severityswitch"),
        OnlyChanging("qc_classseverity", "severity", "standing", "run", "switches", "changed_at"),
        StateEdges(
            "qc_classseverity",
            "severity",
            {"normal": ["tightened", "reduced"], "tightened": ["normal", "suspended"], "reduced": ["normal"], "suspended": ["tightened"]},
        ),
    ]

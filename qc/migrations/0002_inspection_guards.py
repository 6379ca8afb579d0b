"""What an inspection may do, whoever writes: owners agree, a verdict is given once, units are recorded only by whoever inspects."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

# refuse_change() came with the first append-only table of the ground floor.
DECIDED = """
CREATE TRIGGER qc_inspection_is_decided_once BEFORE UPDATE ON qc_inspection FOR EACH ROW
    WHEN (OLD.state IN ('accepted', 'rejected')) EXECUTE FUNCTION refuse_change()
"""

UNITS = """
CREATE FUNCTION check_units_are_being_inspected() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN public.qc_inspection i ON i.id = fresh.inspection_id
                WHERE i.state <> 'claimed' OR fresh.number > (i.plan #>> '{critical,sample_size}')::integer) THEN
        RAISE EXCEPTION 'units are recorded while their inspection is claimed, and only those of its sample'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unit_of_a_claimed_inspection', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
UNIT_TRIGGER = """
CREATE TRIGGER unit_of_a_claimed_inspection_on_{event} AFTER {event} ON qc_inspectedunit REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION check_units_are_being_inspected()
"""


class Migration(migrations.Migration):
    dependencies = [("qc", "0001_initial"), ("warehouse", "0002_goods_guards")]

    operations = [
        SameOwner(
            "qc_inspection",
            ("lot_id", "merchant_id", "warehouse_id", "product_id"),
            "warehouse_lot",
            ("id", "merchant_id", "warehouse_id", "product_id"),
        ),
        SameOwner("qc_inspection", ("inspector_id", "warehouse_id"), "assurance_user", ("id", "organisation_id")),
        SameOwner("qc_inspectedunit", ("inspection_id", "merchant_id"), "qc_inspection", ("id", "merchant_id")),
        migrations.RunSQL([DECIDED], ["DROP TRIGGER qc_inspection_is_decided_once ON qc_inspection"]),
        migrations.RunSQL(
            [UNITS, UNIT_TRIGGER.format(event="insert"), UNIT_TRIGGER.format(event="update")],
            [
                "DROP TRIGGER unit_of_a_claimed_inspection_on_insert ON qc_inspectedunit",
                "DROP TRIGGER unit_of_a_claimed_inspection_on_update ON qc_inspectedunit",
                "DROP FUNCTION check_units_are_being_inspected()",
            ],
        ),
        OnlyChanging(
            "qc_inspection",
            *("state", "inspector_id", "claimed_at", "lot_size", "plan", "due_at"),
            *("decided_at", "because", "inspected", "nonconforming", "clearance_id", "evidence_entry_id"),
        ),
        OnlyChanging("qc_inspectedunit", "withdrawn_at", "withdrawn_by_id"),
        AppendOnly("qc_defectkind"),
        StateEdges(
            "qc_inspection",
            "state",
            {"open": ["claimed"], "claimed": ["open", "accepted", "rejected"], "accepted": [], "rejected": []},
        ),
    ]

"""What arrived otherwise than announced, whoever writes: owners agree, it is settled once, and old goods come in by a lead's word only."""

from django.db import migrations

from assurance.database import OnlyChanging, SameOwner, StateEdges

SIDES = ("merchant_id", "warehouse_id")
PERSON = ("id", "organisation_id")

# A receipt of old goods names the line, the person and the reason of an admission, or it does not happen. Never deferred.
RECEIPT_CARRIES_ADMISSION = """
ALTER TABLE warehouse_receipt ADD CONSTRAINT receipt_carries_its_admission
    FOREIGN KEY (admitted_under_id, line_id, admitted_by_id, admitted_because, admission)
    REFERENCES warehouse_discrepancy (id, line_id, settled_by_id, reason, resolution)
"""
ADMITTED_BY_LEAD = """
CREATE FUNCTION check_admitted_by_lead() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.assurance_user WHERE id = NEW.settled_by_id AND role = 'qc_lead') THEN
        RAISE EXCEPTION 'only a lead admits goods that are too old'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
LEAD_TRIGGER = """
CREATE TRIGGER discrepancy_admitted_by_lead BEFORE INSERT OR UPDATE ON warehouse_discrepancy FOR EACH ROW
    WHEN (NEW.resolution = 'admitted') EXECUTE FUNCTION check_admitted_by_lead()
"""
# refuse_change() came with the first append-only table of the ground floor.
SETTLED_ONCE = """
CREATE TRIGGER discrepancy_is_settled_once BEFORE UPDATE ON warehouse_discrepancy FOR EACH ROW
    WHEN (OLD.state = 'settled') EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0011_discrepancies")]

    operations = [
        SameOwner("warehouse_discrepancy", ("notice_id", *SIDES), "warehouse_shipmentnotice", ("id", *SIDES)),
        SameOwner("warehouse_discrepancy", ("owner_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_discrepancy", ("found_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_discrepancy", ("settled_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_receipt", ("admitted_by_id", "warehouse_id"), "assurance_user", PERSON),
        migrations.RunSQL([RECEIPT_CARRIES_ADMISSION], ["ALTER TABLE warehouse_receipt DROP CONSTRAINT receipt_carries_its_admission"]),
        migrations.RunSQL(
            [ADMITTED_BY_LEAD, LEAD_TRIGGER],
            ["DROP TRIGGER discrepancy_admitted_by_lead ON warehouse_discrepancy", "DROP FUNCTION check_admitted_by_lead()"],
        ),
        migrations.RunSQL([SETTLED_ONCE], ["DROP TRIGGER discrepancy_is_settled_once ON warehouse_discrepancy"]),
        OnlyChanging("warehouse_discrepancy", "owner_id", "state", "resolution", "reason", "settle_note", "settled_by_id", "settled_at"),
        StateEdges("warehouse_discrepancy", "state", {"open": ["settled"], "settled": []}),
    ]

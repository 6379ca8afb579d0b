"""What comes back: whoever writes, no more than was shipped, owners agree, a grade is given once."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

SIDES = ("merchant_id", "warehouse_id")
PERSON = ("id", "organisation_id")
GOODS = ("parcel_id", "merchant_id", "product_id", "lot_id")

# The unique (item, ordinal) makes each shipped unit come back once; this makes it one of those that were shipped.
WITHIN = """
CREATE FUNCTION check_return_within_shipped() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN public.warehouse_parcelitem i ON i.id = fresh.item_id WHERE fresh.ordinal > i.quantity) THEN
        RAISE EXCEPTION 'more units come back than were shipped'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'return_unit_within_shipped', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
WITHIN_TRIGGER = """
CREATE TRIGGER return_unit_within_shipped AFTER INSERT ON warehouse_returnunit REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION check_return_within_shipped()
"""
# refuse_change() came with the first append-only table of the ground floor.
OWNED_ONCE = """
CREATE TRIGGER return_is_matched_once BEFORE UPDATE ON warehouse_returnparcel FOR EACH ROW
    WHEN (OLD.state <> 'unidentified' AND (OLD.merchant_id, OLD.parcel_id) IS DISTINCT FROM (NEW.merchant_id, NEW.parcel_id))
    EXECUTE FUNCTION refuse_change()
"""
GRADED_ONCE = """
CREATE TRIGGER return_unit_is_graded_once BEFORE UPDATE ON warehouse_returnunit FOR EACH ROW
    WHEN (OLD.grade <> '' AND OLD.grade <> NEW.grade) EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0006_returns")]

    operations = [
        SameOwner("warehouse_returnparcel", ("parcel_id", *SIDES), "warehouse_parcel", ("id", *SIDES)),
        SameOwner("warehouse_returnparcel", ("received_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_returnparcel", ("matched_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_returnunit", ("return_parcel_id", *SIDES, "parcel_id"), "warehouse_returnparcel", ("id", *SIDES, "parcel_id")),
        SameOwner("warehouse_returnunit", ("item_id", *GOODS), "warehouse_parcelitem", ("id", *GOODS)),
        SameOwner("warehouse_returnunit", ("received_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_returnphoto", ("return_parcel_id", "warehouse_id"), "warehouse_returnparcel", ("id", "warehouse_id")),
        SameOwner("warehouse_returnphoto", ("file_id", "warehouse_id"), "assurance_storedfile", PERSON),
        migrations.RunSQL(
            [WITHIN, WITHIN_TRIGGER],
            ["DROP TRIGGER return_unit_within_shipped ON warehouse_returnunit", "DROP FUNCTION check_return_within_shipped()"],
        ),
        migrations.RunSQL([OWNED_ONCE], ["DROP TRIGGER return_is_matched_once ON warehouse_returnparcel"]),
        migrations.RunSQL([GRADED_ONCE], ["DROP TRIGGER return_unit_is_graded_once ON warehouse_returnunit"]),
        AppendOnly("warehouse_returnphoto"),
        OnlyChanging(
            "warehouse_returnparcel",
            *("merchant_id", "parcel_id", "state", "note", "arrived_at", "received_at", "received_by_id"),
            *("matched_at", "matched_by_id", "closed_at", "carrier", "tracking_number"),
        ),
        OnlyChanging("warehouse_returnunit", "state", "grade", "settled_at"),
        StateEdges(
            "warehouse_returnparcel",
            "state",
            {
                "announced": ["received", "cancelled"],
                "unidentified": ["matched"],
                "matched": ["received"],
                "received": ["inspected"],
                "inspected": ["closed"],
                "closed": [],
                "cancelled": [],
            },
        ),
        StateEdges(
            "warehouse_returnunit",
            "state",
            {
                "received": ["graded"],
                "graded": ["held", "restocked", "returned", "destroyed"],
                "held": ["restocked", "returned", "destroyed"],
                "restocked": [],
                "returned": [],
                "destroyed": [],
            },
        ),
    ]

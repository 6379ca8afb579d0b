"""What checks may do, whoever writes: owners agree, nobody checks what he packed, what was found never changes."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

SIDES = ("merchant_id", "warehouse_id")
BOTH = ("id", *SIDES)
PERSON = ("id", "organisation_id")

NOT_BY_PACKER = """
CREATE FUNCTION check_is_not_by_packer() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN public.warehouse_parcel p ON p.id = fresh.parcel_id WHERE p.packed_by_id = fresh.inspector_id) THEN
        RAISE EXCEPTION 'nobody checks the parcel he packed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'outbound_check_not_by_packer', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
NOT_BY_PACKER_TRIGGER = """
CREATE TRIGGER outbound_check_not_by_packer AFTER INSERT ON qc_outboundcheck REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION check_is_not_by_packer()
"""
# refuse_change() came with the first append-only table of the ground floor.
IN_ONE_TREE = """
CREATE TRIGGER checked_goods_stand_in_one_tree BEFORE UPDATE ON qc_checkedgoods FOR EACH ROW
    WHEN (OLD.day_of_checks_id IS NOT NULL) EXECUTE FUNCTION refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("qc", "0005_checks"), ("warehouse", "0007_return_guards")]

    operations = [
        SameOwner("qc_outboundcheck", ("parcel_id", *SIDES), "warehouse_parcel", BOTH),
        SameOwner("qc_outboundcheck", ("inspector_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("qc_checkedgoods", ("check_of_id", *SIDES), "qc_outboundcheck", BOTH),
        SameOwner("qc_checkedgoods", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner(
            "qc_checkedgoods",
            ("day_of_checks_id", "product_id", "merchant_id", "day_date"),
            "qc_dayofchecks",
            ("id", "product_id", "merchant_id", "day_date"),
        ),
        SameOwner("qc_dayofchecks", ("product_id", "merchant_id"), "assurance_product", ("id", "merchant_id")),
        SameOwner("qc_nonconformance", ("failed_check_id", *SIDES), "qc_outboundcheck", BOTH),
        SameOwner("qc_nonconformance", ("parcel_id", *SIDES), "warehouse_parcel", BOTH),
        SameOwner("qc_nonconformance", ("closed_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("qc_checkphoto", ("check_of_id", *SIDES), "qc_outboundcheck", BOTH),
        SameOwner("qc_checkphoto", ("file_id", "warehouse_id"), "assurance_storedfile", PERSON),
        SameOwner("qc_returninspection", ("unit_id", *SIDES), "warehouse_returnunit", BOTH),
        SameOwner("qc_returninspection", ("outbound_id", *SIDES), "qc_outboundcheck", BOTH),
        SameOwner("qc_returninspection", ("inspector_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("qc_inspectionphoto", ("inspection_id", *SIDES), "qc_returninspection", BOTH),
        SameOwner("qc_inspectionphoto", ("file_id", "warehouse_id"), "assurance_storedfile", PERSON),
        SameOwner("qc_returndisposition", ("unit_id", *SIDES), "warehouse_returnunit", BOTH),
        SameOwner("qc_returndisposition", ("inspection_id", *SIDES), "qc_returninspection", BOTH),
        SameOwner("qc_returndisposition", ("decided_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("qc_returndisposition", ("witness_id", "warehouse_id"), "assurance_user", PERSON),
        migrations.RunSQL(
            [NOT_BY_PACKER, NOT_BY_PACKER_TRIGGER],
            ["DROP TRIGGER outbound_check_not_by_packer ON qc_outboundcheck", "DROP FUNCTION check_is_not_by_packer()"],
        ),
        migrations.RunSQL([IN_ONE_TREE], ["DROP TRIGGER checked_goods_stand_in_one_tree ON qc_checkedgoods"]),
        AppendOnly("qc_checklist"),
        AppendOnly("qc_outboundcheck"),
        AppendOnly("qc_dayofchecks"),
        AppendOnly("qc_checkphoto"),
        AppendOnly("qc_returninspection"),
        AppendOnly("qc_inspectionphoto"),
        AppendOnly("qc_returndisposition"),
        OnlyChanging("qc_checkedgoods", "day_of_checks_id"),
        OnlyChanging("qc_nonconformance", "state", "closed_at", "closed_by_id", "remedy"),
        StateEdges("qc_nonconformance", "state", {"open": ["closed"], "closed": []}),
    ]

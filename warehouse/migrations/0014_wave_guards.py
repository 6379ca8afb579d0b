"""What waves, weights and packing records may do, whoever writes: a parcel that weighs wrong stays, a record is kept for its time."""

from django.db import migrations

from assurance.database import AlsoChanging, AlsoDeleting, OnlyChanging, SameOwner, StateEdges

SIDES = ("id", "merchant_id", "warehouse_id")

WEIGHT_STOPS = """
CREATE FUNCTION check_parcel_weight() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.warehouse_weightdeviation WHERE parcel_id = NEW.id AND state = 'open') THEN
        RAISE EXCEPTION 'parcel % weighs what it should not, and nobody has resolved it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_weight_stops', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
WEIGHT_STOPS_TRIGGER = """
CREATE TRIGGER parcel_weight_stops BEFORE UPDATE OF state ON warehouse_parcel
FOR EACH ROW WHEN (NEW.state IN ('checked', 'handed_over') AND OLD.state <> NEW.state) EXECUTE FUNCTION check_parcel_weight()
"""

# A weight that stops is written beside its packed parcel, whose row is held against a step at the same moment.
WEIGHT_OF_PACKED = """
CREATE FUNCTION check_weight_of_packed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    parcel text;
    packer bigint;
BEGIN
    SELECT state, packed_by_id INTO parcel, packer FROM public.warehouse_parcel WHERE id = NEW.parcel_id FOR NO KEY UPDATE;
    IF parcel <> 'packed' OR packer IS DISTINCT FROM NEW.packer_id OR NEW.state <> 'open' THEN
        RAISE EXCEPTION 'parcel % (%) has no such weight', NEW.parcel_id, parcel
            USING ERRCODE = 'check_violation', CONSTRAINT = 'weight_of_packed', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
WEIGHT_OF_PACKED_TRIGGER = """
CREATE TRIGGER weight_of_packed BEFORE INSERT ON warehouse_weightdeviation FOR EACH ROW EXECUTE FUNCTION check_weight_of_packed()
"""

KEPT = """
CREATE FUNCTION check_packing_record_is_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.kept_until_date < (now() AT TIME ZONE 'Asia/Shanghai')::date THEN
            RETURN OLD;
        END IF;
    ELSIF NEW.kept_until_date >= OLD.kept_until_date THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'packing record % is kept until %', OLD.id, OLD.kept_until_date
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'packing_record_is_kept', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$
"""
KEPT_TRIGGER = """
CREATE TRIGGER packing_record_is_kept BEFORE UPDATE OF kept_until_date OR DELETE ON warehouse_packingrecord
FOR EACH ROW EXECUTE FUNCTION check_packing_record_is_kept()
"""


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0013_waves_and_weights")]

    operations = [
        SameOwner("warehouse_parcel", ("wave_id", "warehouse_id"), "warehouse_wave", ("id", "warehouse_id")),
        AlsoChanging("warehouse_parcel", "wave_id"),
        OnlyChanging("warehouse_wave", "state", "picker_id", "started_at", "finished_at"),
        StateEdges(
            "warehouse_wave",
            "state",
            {"planned": ["picking", "cancelled"], "picking": ["finished"], "finished": [], "cancelled": []},
        ),
        SameOwner("warehouse_weightdeviation", ("parcel_id", "merchant_id", "warehouse_id"), "warehouse_parcel", SIDES),
        OnlyChanging("warehouse_weightdeviation", "state", "resolved_by_id", "resolved_at", "reason"),
        StateEdges("warehouse_weightdeviation", "state", {"open": ["accepted", "repacked"], "accepted": [], "repacked": []}),
        migrations.RunSQL(
            [WEIGHT_STOPS, WEIGHT_STOPS_TRIGGER, WEIGHT_OF_PACKED, WEIGHT_OF_PACKED_TRIGGER],
            [
                "DROP TRIGGER parcel_weight_stops ON warehouse_parcel",
                "DROP FUNCTION check_parcel_weight()",
                "DROP TRIGGER weight_of_packed ON warehouse_weightdeviation",
                "DROP FUNCTION check_weight_of_packed()",
            ],
        ),
        migrations.RunSQL(["REVOKE EXECUTE ON FUNCTION check_weight_of_packed() FROM PUBLIC"], migrations.RunSQL.noop),
        SameOwner("warehouse_packingrecord", ("parcel_id", "merchant_id", "warehouse_id"), "warehouse_parcel", SIDES),
        OnlyChanging("warehouse_packingrecord", "kept_until_date"),
        AlsoDeleting("warehouse_packingrecord"),
        migrations.RunSQL(
            [KEPT, KEPT_TRIGGER],
            ["DROP TRIGGER packing_record_is_kept ON warehouse_packingrecord", "DROP FUNCTION check_packing_record_is_kept()"],
        ),
    ]

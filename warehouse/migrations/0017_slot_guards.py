"""Times at the gate, whoever writes: no more come than there is room for, and a booking that was given up stays so."""

from django.db import migrations

from assurance.database import OnlyChanging, SameOwner

SIDES = ("merchant_id", "warehouse_id")

KEEP = """
CREATE FUNCTION keep_slot_booked() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE public.warehouse_slot SET booked = booked + CASE WHEN TG_OP = 'INSERT' THEN 1 ELSE -1 END WHERE id = NEW.slot_id;
    RETURN NULL;
END
$$
"""
TRIGGERS = [
    """
    CREATE TRIGGER booking_takes_room AFTER INSERT ON warehouse_booking FOR EACH ROW
        WHEN (NEW.given_up_at IS NULL) EXECUTE FUNCTION keep_slot_booked()
    """,
    """
    CREATE TRIGGER booking_leaves_room AFTER UPDATE OF given_up_at ON warehouse_booking FOR EACH ROW
        WHEN (OLD.given_up_at IS NULL AND NEW.given_up_at IS NOT NULL) EXECUTE FUNCTION keep_slot_booked()
    """,
    # refuse_change() came with the first append-only table of the ground floor
    """
    CREATE TRIGGER booking_is_given_up_once BEFORE UPDATE ON warehouse_booking FOR EACH ROW
        WHEN (OLD.given_up_at IS NOT NULL) EXECUTE FUNCTION refuse_change()
    """,
]


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0016_slots")]

    operations = [
        SameOwner("warehouse_booking", ("notice_id", *SIDES), "warehouse_shipmentnotice", ("id", *SIDES)),
        SameOwner("warehouse_booking", ("slot_id", "warehouse_id"), "warehouse_slot", ("id", "warehouse_id")),
        SameOwner("warehouse_booking", ("booked_by_id", "merchant_id"), "assurance_user", ("id", "organisation_id")),
        migrations.RunSQL(
            [KEEP, "REVOKE EXECUTE ON FUNCTION keep_slot_booked() FROM PUBLIC", *TRIGGERS],
            [
                "DROP TRIGGER booking_takes_room ON warehouse_booking",
                "DROP TRIGGER booking_leaves_room ON warehouse_booking",
                "DROP TRIGGER booking_is_given_up_once ON warehouse_booking",
                "DROP FUNCTION keep_slot_booked()",
            ],
        ),
        OnlyChanging("warehouse_slot", "capacity"),
        OnlyChanging("warehouse_booking", "given_up_at"),
    ]

"""What stands in bins, whoever writes: the ledger is append-only, balances follow it, and bins hold no more than there is."""

from django.db import migrations

from assurance.database import AppendOnly, SameOwner

# Zero rows first: a negative leg would fail the check before PostgreSQL notices that its row is there already.
KEEP_BALANCE = """
CREATE FUNCTION keep_bin_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.warehouse_binbalance (lot_id, bin_id, quantity)
    SELECT lot_id, source_id, 0 FROM fresh WHERE source_id IS NOT NULL
     UNION SELECT lot_id, target_id, 0 FROM fresh WHERE target_id IS NOT NULL ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT bin_balance_once DO NOTHING;

    UPDATE public.warehouse_binbalance kept SET quantity = kept.quantity + legs.units
      FROM (SELECT lot_id, bin_id, sum(units)::integer AS units
              FROM (SELECT lot_id, source_id AS bin_id, -quantity AS units FROM fresh
                    UNION ALL SELECT lot_id, target_id, quantity FROM fresh) leg
             WHERE bin_id IS NOT NULL GROUP BY lot_id, bin_id) legs
     WHERE kept.lot_id = legs.lot_id AND kept.bin_id = legs.bin_id;
    RETURN NULL;
END
$$
"""
BALANCE_TRIGGER = """
CREATE TRIGGER binmove_keeps_balance AFTER INSERT ON warehouse_binmove REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION keep_bin_balance()
"""

# Nobody but the trigger writes balances; without EXECUTE no table of somebody's own can carry the functions either.
BALANCE_RIGHTS = """
DO $$
DECLARE
    grantee text;
BEGIN
    REVOKE EXECUTE ON FUNCTION keep_bin_balance(), check_bins_hold_what_is_there() FROM PUBLIC;
    FOR grantee IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
          FROM pg_class c, aclexplode(c.relacl) a
         WHERE c.oid = 'warehouse_binbalance'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE '{change} INSERT, UPDATE, DELETE{truncate} ON warehouse_binbalance {way} ' || grantee;
    END LOOP;
END
$$
"""

# At every commit: all bins of a lot hold no more than stands in the warehouse. The lot's row is held, so that two who write at
# the same moment see each other.
HOLD_WHAT_IS_THERE = """
CREATE FUNCTION check_bins_hold_what_is_there() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    binned bigint;
    there bigint;
BEGIN
    PERFORM 1 FROM public.warehouse_lot WHERE id = NEW.lot_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(quantity), 0) INTO binned FROM public.warehouse_binbalance WHERE lot_id = NEW.lot_id;
    IF binned > 0 THEN
        SELECT coalesce(sum(quantity), 0) INTO there FROM public.warehouse_stockbalance
         WHERE lot_id = NEW.lot_id AND custody IN ('pending', 'released', 'held');
        IF binned > there THEN
            RAISE EXCEPTION 'lot %: % in bins, but % are there', NEW.lot_id, binned, there
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bins_hold_what_is_there',
                      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
        END IF;
    END IF;
    RETURN NULL;
END
$$
"""
HOLD_TRIGGERS = [
    """
    CREATE CONSTRAINT TRIGGER bins_hold_what_is_there AFTER INSERT ON warehouse_binmove
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.target_id IS NOT NULL) EXECUTE FUNCTION check_bins_hold_what_is_there()
    """,
    """
    CREATE CONSTRAINT TRIGGER bins_follow_the_stock AFTER INSERT ON warehouse_stockmove
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.target IN ('sampled', 'returned', 'destroyed', 'shipped'))
    EXECUTE FUNCTION check_bins_hold_what_is_there()
    """,
]

OF_LOT = ("id", "merchant_id", "warehouse_id", "product_id")
BIN = ("id", "warehouse_id")


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0008_bins")]

    operations = [
        SameOwner("warehouse_binmove", ("lot_id", "merchant_id", "warehouse_id", "product_id"), "warehouse_lot", OF_LOT),
        SameOwner("warehouse_binmove", ("source_id", "warehouse_id"), "warehouse_bin", BIN),
        SameOwner("warehouse_binmove", ("target_id", "warehouse_id"), "warehouse_bin", BIN),
        SameOwner("warehouse_bin", ("created_by_id", "warehouse_id"), "assurance_user", ("id", "organisation_id")),
        migrations.RunSQL(
            [KEEP_BALANCE, BALANCE_TRIGGER],
            ["DROP TRIGGER binmove_keeps_balance ON warehouse_binmove", "DROP FUNCTION keep_bin_balance()"],
        ),
        migrations.RunSQL(
            [HOLD_WHAT_IS_THERE, *HOLD_TRIGGERS],
            [
                "DROP TRIGGER bins_hold_what_is_there ON warehouse_binmove",
                "DROP TRIGGER bins_follow_the_stock ON warehouse_stockmove",
                "DROP FUNCTION check_bins_hold_what_is_there()",
            ],
        ),
        migrations.RunSQL(
            [BALANCE_RIGHTS.format(change="REVOKE", truncate=", TRUNCATE", way="FROM")],
            [BALANCE_RIGHTS.format(change="GRANT", truncate="", way="TO")],
        ),
        AppendOnly("warehouse_binmove"),
        AppendOnly("warehouse_bin"),
    ]

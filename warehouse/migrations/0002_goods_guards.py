"""What goods may do, whoever writes: owners agree, the ledger is append-only, balances follow it, receipts and ledger add up."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

# The clearance of that same lot, with that verdict, or the move does not happen. Never deferred: it is the first thing to be wrong.
MOVE_CARRIES_CLEARANCE = """
ALTER TABLE warehouse_stockmove ADD CONSTRAINT move_carries_clearance
    FOREIGN KEY (clearance_id, clearance_kind, lot_id, clearance_verdict)
    REFERENCES assurance_clearance (id, subject_kind, subject_id, verdict)
"""

# Zero rows first: a negative leg would fail the check before PostgreSQL notices that its row is there already.
KEEP_BALANCE = """
CREATE FUNCTION keep_stock_balance() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.warehouse_stockbalance (lot_id, custody, quantity)
    SELECT lot_id, source, 0 FROM fresh UNION SELECT lot_id, target, 0 FROM fresh ORDER BY 1, 2
    ON CONFLICT ON CONSTRAINT balance_once_per_lot_and_custody DO NOTHING;

    UPDATE public.warehouse_stockbalance kept SET quantity = kept.quantity + legs.units
      FROM (SELECT lot_id, custody, sum(units)::integer AS units
              FROM (SELECT lot_id, source AS custody, -quantity AS units FROM fresh
                    UNION ALL SELECT lot_id, target, quantity FROM fresh) leg
             GROUP BY lot_id, custody) legs
     WHERE kept.lot_id = legs.lot_id AND kept.custody = legs.custody;
    RETURN NULL;
END
$$
"""
BALANCE_TRIGGER = """
CREATE TRIGGER stockmove_keeps_balance AFTER INSERT ON warehouse_stockmove REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION keep_stock_balance()
"""

# Nobody but the trigger writes balances; without EXECUTE no table of somebody's own can carry the function either.
BALANCE_RIGHTS = """
DO $$
DECLARE
    grantee text;
BEGIN
    REVOKE EXECUTE ON FUNCTION keep_stock_balance() FROM PUBLIC;
    FOR grantee IN
        SELECT DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END
          FROM pg_class c, aclexplode(c.relacl) a
         WHERE c.oid = 'warehouse_stockbalance'::regclass AND a.grantee <> c.relowner
    LOOP
        EXECUTE '{change} INSERT, UPDATE, DELETE{truncate} ON warehouse_stockbalance {way} ' || grantee;
    END LOOP;
END
$$
"""

# At every commit: what was counted at the door is what stands inside. Only arrivals can change either side.
ADD_UP = """
CREATE FUNCTION check_lot_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    received bigint := (SELECT coalesce(sum(quantity), 0) FROM public.warehouse_receipt WHERE lot_id = NEW.lot_id);
    inside bigint := (SELECT coalesce(sum(quantity), 0) FROM public.warehouse_stockbalance
                       WHERE lot_id = NEW.lot_id AND custody <> 'arrival');
BEGIN
    IF received <> inside THEN
        RAISE EXCEPTION 'lot %: received %, but % stand inside', NEW.lot_id, received, inside
            USING ERRCODE = 'check_violation', CONSTRAINT = 'lot_adds_up', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
ADD_UP_TRIGGERS = [
    """
    CREATE CONSTRAINT TRIGGER receipt_adds_up AFTER INSERT ON warehouse_receipt
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_lot_adds_up()
    """,
    """
    CREATE CONSTRAINT TRIGGER arrival_adds_up AFTER INSERT ON warehouse_stockmove
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.source = 'arrival') EXECUTE FUNCTION check_lot_adds_up()
    """,
]

MERCHANT = ("id", "merchant_id")
SIDES = ("id", "merchant_id", "warehouse_id")
SIDES_AND_PRODUCT = ("id", "merchant_id", "warehouse_id", "product_id")
PERSON = ("id", "organisation_id")


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0001_initial")]

    operations = [
        SameOwner("warehouse_shipmentnotice", ("created_by_id", "merchant_id"), "assurance_user", PERSON),
        SameOwner("warehouse_shipmentline", ("notice_id", "merchant_id", "warehouse_id"), "warehouse_shipmentnotice", SIDES),
        SameOwner("warehouse_shipmentline", ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        SameOwner("warehouse_lot", ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        SameOwner(
            "warehouse_receipt", ("line_id", "merchant_id", "warehouse_id", "product_id"), "warehouse_shipmentline", SIDES_AND_PRODUCT
        ),
        SameOwner("warehouse_receipt", ("lot_id", "merchant_id", "warehouse_id", "product_id"), "warehouse_lot", SIDES_AND_PRODUCT),
        SameOwner("warehouse_receipt", ("received_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_stockmove", ("lot_id", "merchant_id"), "warehouse_lot", MERCHANT),
        migrations.RunSQL([MOVE_CARRIES_CLEARANCE], ["ALTER TABLE warehouse_stockmove DROP CONSTRAINT move_carries_clearance"]),
        migrations.RunSQL(
            [KEEP_BALANCE, BALANCE_TRIGGER],
            ["DROP TRIGGER stockmove_keeps_balance ON warehouse_stockmove", "DROP FUNCTION keep_stock_balance()"],
        ),
        migrations.RunSQL(
            [BALANCE_RIGHTS.format(change="REVOKE", truncate=", TRUNCATE", way="FROM")],
            [BALANCE_RIGHTS.format(change="GRANT", truncate="", way="TO")],
        ),
        migrations.RunSQL(
            [ADD_UP, *ADD_UP_TRIGGERS],
            [
                "DROP TRIGGER receipt_adds_up ON warehouse_receipt",
                "DROP TRIGGER arrival_adds_up ON warehouse_stockmove",
                "DROP FUNCTION check_lot_adds_up()",
            ],
        ),
        AppendOnly("warehouse_shipmentline"),
        AppendOnly("warehouse_receipt"),
        AppendOnly("warehouse_stockmove"),
        # a row can only be locked by somebody who may change one of its columns; number, dates and owner stay
        OnlyChanging("warehouse_lot", "first_received_at"),
        OnlyChanging("warehouse_shipmentnotice", "state", "closed_at", "close_reason"),
        StateEdges(
            "warehouse_shipmentnotice",
            "state",
            {"announced": ["receiving", "cancelled"], "receiving": ["received"], "received": [], "cancelled": []},
        ),
    ]

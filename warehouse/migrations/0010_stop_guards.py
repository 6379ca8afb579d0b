"""What is stopped goes nowhere, whoever writes: it is promised to nobody, not picked, not packed, not released, not shipped.

The actions look first and say why; here the same is refused to whoever goes past them. A stop with an end counts while it lasts.
"""

from django.db import migrations

COVERED = """
public.assurance_stop stop
     WHERE stop.merchant_id = goods.merchant_id AND stop.lifted_at IS NULL
       AND (stop.until IS NULL OR stop.until > greatest(goods.at, now()))
       AND (stop.product_id IS NULL OR stop.product_id = goods.product_id)
       AND (stop.warehouse_id IS NULL OR stop.warehouse_id = goods.warehouse_id)
       AND (stop.lot_id IS NULL OR stop.lot_id = goods.lot_id)
"""
REFUSE = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM ({goods}) goods, {covered}) THEN
        RAISE EXCEPTION 'a stop covers these goods'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'stopped_goods_stay', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN {answer};
END
$$
"""
OF_MOVES = """
SELECT fresh.merchant_id, lot.product_id, lot.warehouse_id, fresh.lot_id, fresh.at FROM fresh
  JOIN public.warehouse_lot lot ON lot.id = fresh.lot_id WHERE fresh.target IN ('released', 'shipped')
"""
OF_NEW = "SELECT merchant_id, product_id, warehouse_id, lot_id, at FROM fresh"
OF_PICKED = """
SELECT fresh.merchant_id, fresh.product_id, fresh.warehouse_id, fresh.lot_id, fresh.at FROM fresh
  JOIN stale ON stale.id = fresh.id WHERE fresh.state = 'picked' AND stale.state = 'open'
"""
OF_PARCEL = """
SELECT merchant_id, product_id, warehouse_id, lot_id, at FROM public.warehouse_allocation WHERE parcel_id = NEW.id AND state <> 'freed'
"""
FUNCTIONS = {
    "refuse_stopped_moves": (OF_MOVES, "NULL"),
    "refuse_stopped_promises": (OF_NEW, "NULL"),
    "refuse_stopped_picks": (OF_PICKED, "NULL"),
    "refuse_stopped_parcels": (OF_PARCEL, "NEW"),
}
TRIGGERS = {
    "stopped_goods_do_not_move": (
        "warehouse_stockmove",
        "AFTER INSERT ON warehouse_stockmove REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        "refuse_stopped_moves",
    ),
    "stopped_goods_are_not_promised": (
        "warehouse_allocation",
        "AFTER INSERT ON warehouse_allocation REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT",
        "refuse_stopped_promises",
    ),
    "stopped_goods_are_not_picked": (
        "warehouse_allocation",
        "AFTER UPDATE ON warehouse_allocation REFERENCING OLD TABLE AS stale NEW TABLE AS fresh FOR EACH STATEMENT",
        "refuse_stopped_picks",
    ),
    "stopped_goods_are_not_packed": (
        "warehouse_parcel",
        "BEFORE UPDATE OF state ON warehouse_parcel FOR EACH ROW WHEN (NEW.state = 'packed' AND OLD.state <> 'packed')",
        "refuse_stopped_parcels",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0009_bin_guards")]

    operations = [
        migrations.RunSQL(
            [
                *(REFUSE.format(name=name, goods=goods, covered=COVERED, answer=answer) for name, (goods, answer) in FUNCTIONS.items()),
                *(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {does}()" for name, (_, when, does) in TRIGGERS.items()),
            ],
            [
                *(f"DROP TRIGGER {name} ON {table}" for name, (table, _, _) in TRIGGERS.items()),
                *(f"DROP FUNCTION {name}()" for name in FUNCTIONS),
            ],
        ),
    ]

"""What orders and parcels may do, whoever writes: nobody is promised what is not there, and what leaves is what was packed and cleared."""

from django.db import migrations

from assurance.database import OnlyChanging, SameOwner, StateEdges

DROP_MOVE_CLEARANCE = "ALTER TABLE warehouse_stockmove DROP CONSTRAINT move_carries_clearance"
MOVE_CARRIES_CLEARANCE = """
ALTER TABLE warehouse_stockmove ADD CONSTRAINT move_carries_clearance
    FOREIGN KEY (clearance_id, clearance_kind, {subject}, clearance_verdict)
    REFERENCES assurance_clearance (id, subject_kind, subject_id, verdict)
"""
PARCEL_CARRIES_CLEARANCE = """
ALTER TABLE warehouse_parcel ADD CONSTRAINT parcel_carries_clearance
    FOREIGN KEY (clearance_id, clearance_kind, id, clearance_verdict)
    REFERENCES assurance_clearance (id, subject_kind, subject_id, verdict)
"""

# Open and picked units are reserved, all but freed ones are allocated to their line. The CHECKs on both columns refuse what is
# too much; the rows' own locks let one oversell wait for the other.
KEEP_ALLOCATED = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh WHERE NOT EXISTS (
        SELECT 1 FROM public.warehouse_stockbalance kept WHERE kept.lot_id = fresh.lot_id AND kept.custody = 'released')) THEN
        RAISE EXCEPTION 'nothing of this lot was ever released'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_is_not_oversold', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;

    UPDATE public.warehouse_stockbalance kept SET reserved = kept.reserved + legs.units
      FROM (SELECT lot_id, sum(units)::integer AS units
              FROM (SELECT lot_id, quantity AS units FROM fresh WHERE state IN ('open', 'picked'){less_reserved}) leg
             GROUP BY lot_id HAVING sum(units) <> 0) legs
     WHERE kept.lot_id = legs.lot_id AND kept.custody = 'released';

    UPDATE public.warehouse_orderline line SET allocated = line.allocated + legs.units
      FROM (SELECT line_id, sum(units)::integer AS units
              FROM (SELECT line_id, quantity AS units FROM fresh WHERE state <> 'freed'{less_allocated}) leg
             GROUP BY line_id HAVING sum(units) <> 0) legs
     WHERE line.id = legs.line_id;
    RETURN NULL;
END
$$
"""
ON_INSERT = KEEP_ALLOCATED.format(name="keep_allocated_of_new", less_reserved="", less_allocated="")
ON_UPDATE = KEEP_ALLOCATED.format(
    name="keep_allocated_of_changed",
    less_reserved=" UNION ALL SELECT lot_id, -quantity FROM stale WHERE state IN ('open', 'picked')",
    less_allocated=" UNION ALL SELECT line_id, -quantity FROM stale WHERE state <> 'freed'",
)
ALLOCATION_TRIGGERS = [
    """
    CREATE TRIGGER allocation_reserves AFTER INSERT ON warehouse_allocation REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_allocated_of_new()
    """,
    """
    CREATE TRIGGER allocation_changes_reserved AFTER UPDATE ON warehouse_allocation REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION keep_allocated_of_changed()
    """,
]

# Goods are freed by cancelling their parcel and shipped by handing it over, no other way.
FOLLOWS_PARCEL = """
CREATE FUNCTION check_allocation_follows_parcel() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    parcel text := (SELECT state FROM public.warehouse_parcel WHERE id = NEW.parcel_id);
BEGIN
    IF (NEW.state = 'freed' AND parcel <> 'cancelled') OR (NEW.state = 'shipped' AND parcel <> 'handed_over')
       OR (NEW.state IN ('open', 'picked') AND parcel <> 'picking') THEN
        RAISE EXCEPTION 'allocation % cannot be %: its parcel is %', NEW.id, NEW.state, parcel
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_follows_parcel', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
FOLLOWS_PARCEL_TRIGGER = """
CREATE TRIGGER allocation_follows_parcel BEFORE INSERT OR UPDATE OF state ON warehouse_allocation
FOR EACH ROW EXECUTE FUNCTION check_allocation_follows_parcel()
"""

# Things go into a parcel while it is being packed, and never more than was allocated. The parcel's row is held against a state
# change at the same moment.
ITEM_FITS = """
CREATE FUNCTION check_parcel_item() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    parcel text;
    promised integer := (SELECT quantity FROM public.warehouse_allocation WHERE id = NEW.allocation_id AND state <> 'freed');
BEGIN
    SELECT state INTO parcel FROM public.warehouse_parcel WHERE id = NEW.parcel_id FOR NO KEY UPDATE;
    IF parcel <> 'picking' OR promised IS NULL OR NEW.quantity > promised THEN
        RAISE EXCEPTION 'parcel % (%) does not take % of allocation % (%)', NEW.parcel_id, parcel, NEW.quantity, NEW.allocation_id, promised
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_item_fits', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
ITEM_TRIGGER = """
CREATE TRIGGER parcel_item_fits BEFORE INSERT OR UPDATE ON warehouse_parcelitem FOR EACH ROW EXECUTE FUNCTION check_parcel_item()
"""

# A packed parcel holds exactly what was allocated to it, all of it picked.
IS_WHOLE = """
CREATE FUNCTION check_parcel_is_whole() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.warehouse_allocation WHERE parcel_id = NEW.id AND state = 'picked')
       OR EXISTS (
        SELECT 1 FROM public.warehouse_allocation a LEFT JOIN public.warehouse_parcelitem i ON i.allocation_id = a.id
         WHERE a.parcel_id = NEW.id AND a.state <> 'freed' AND (a.state <> 'picked' OR i.quantity IS DISTINCT FROM a.quantity)) THEN
        RAISE EXCEPTION 'parcel % does not hold what was allocated to it', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_is_whole', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
IS_WHOLE_TRIGGER = """
CREATE TRIGGER parcel_is_whole BEFORE UPDATE OF state ON warehouse_parcel
FOR EACH ROW WHEN (NEW.state = 'packed' AND OLD.state <> 'packed') EXECUTE FUNCTION check_parcel_is_whole()
"""

# At every commit: what left the stock in a parcel is what was packed into it, and it was handed over.
ADDS_UP = """
CREATE FUNCTION check_parcel_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    parcel bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.warehouse_parcel WHERE id = parcel AND state = 'handed_over')
       OR EXISTS (SELECT 1 FROM public.warehouse_allocation WHERE parcel_id = parcel AND state IN ('open', 'picked'))
       OR EXISTS (
        SELECT 1 FROM (SELECT lot_id, quantity FROM public.warehouse_parcelitem WHERE parcel_id = parcel
                       UNION ALL
                       SELECT lot_id, -quantity FROM public.warehouse_stockmove WHERE parcel_id = parcel AND target = 'shipped') leg
         GROUP BY lot_id HAVING sum(quantity) <> 0) THEN
        RAISE EXCEPTION 'parcel %: what left the stock is not what was packed', parcel
            USING ERRCODE = 'check_violation', CONSTRAINT = 'parcel_adds_up', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
ADDS_UP_TRIGGERS = [
    """
    CREATE CONSTRAINT TRIGGER parcel_adds_up AFTER UPDATE ON warehouse_parcel DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.state = 'handed_over' AND OLD.state <> 'handed_over') EXECUTE FUNCTION check_parcel_adds_up('id')
    """,
    """
    CREATE CONSTRAINT TRIGGER shipped_adds_up AFTER INSERT ON warehouse_stockmove DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.target = 'shipped') EXECUTE FUNCTION check_parcel_adds_up('parcel_id')
    """,
]

# Without EXECUTE no table of somebody's own can carry the functions that write for the owner.
NOT_FOR_PUBLIC = [
    f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC"
    for name in ("keep_allocated_of_new", "keep_allocated_of_changed", "check_parcel_item")
]

MERCHANT = ("id", "merchant_id")
SIDES = ("id", "merchant_id", "warehouse_id")
OF_LOT = ("id", "merchant_id", "warehouse_id", "product_id")
OF_LINE = ("id", "order_id", "merchant_id", "product_id")
OF_PARCEL = ("id", "order_id", "merchant_id", "warehouse_id")
OF_ALLOCATION = ("id", "parcel_id", "merchant_id", "warehouse_id", "product_id", "lot_id")


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0003_orders_and_parcels")]

    operations = [
        migrations.RunSQL(
            [DROP_MOVE_CLEARANCE, MOVE_CARRIES_CLEARANCE.format(subject="clearance_subject_id")],
            [DROP_MOVE_CLEARANCE, MOVE_CARRIES_CLEARANCE.format(subject="lot_id")],
        ),
        migrations.RunSQL([PARCEL_CARRIES_CLEARANCE], ["ALTER TABLE warehouse_parcel DROP CONSTRAINT parcel_carries_clearance"]),
        SameOwner("warehouse_recipient", ("order_id", "merchant_id"), "warehouse_order", MERCHANT),
        SameOwner("warehouse_orderline", ("product_id", "merchant_id"), "assurance_product", MERCHANT),
        SameOwner("warehouse_allocation", ("line_id", "order_id", "merchant_id", "product_id"), "warehouse_orderline", OF_LINE),
        SameOwner("warehouse_allocation", ("parcel_id", "order_id", "merchant_id", "warehouse_id"), "warehouse_parcel", OF_PARCEL),
        SameOwner("warehouse_allocation", ("lot_id", "merchant_id", "warehouse_id", "product_id"), "warehouse_lot", OF_LOT),
        SameOwner(
            "warehouse_parcelitem",
            ("allocation_id", "parcel_id", "merchant_id", "warehouse_id", "product_id", "lot_id"),
            "warehouse_allocation",
            OF_ALLOCATION,
        ),
        migrations.RunSQL(
            [ON_INSERT, ON_UPDATE, *ALLOCATION_TRIGGERS],
            [
                "DROP TRIGGER allocation_reserves ON warehouse_allocation",
                "DROP TRIGGER allocation_changes_reserved ON warehouse_allocation",
                "DROP FUNCTION keep_allocated_of_new()",
                "DROP FUNCTION keep_allocated_of_changed()",
            ],
        ),
        migrations.RunSQL(
            [FOLLOWS_PARCEL, FOLLOWS_PARCEL_TRIGGER],
            ["DROP TRIGGER allocation_follows_parcel ON warehouse_allocation", "DROP FUNCTION check_allocation_follows_parcel()"],
        ),
        migrations.RunSQL(
            [ITEM_FITS, ITEM_TRIGGER], ["DROP TRIGGER parcel_item_fits ON warehouse_parcelitem", "DROP FUNCTION check_parcel_item()"]
        ),
        migrations.RunSQL(
            [IS_WHOLE, IS_WHOLE_TRIGGER], ["DROP TRIGGER parcel_is_whole ON warehouse_parcel", "DROP FUNCTION check_parcel_is_whole()"]
        ),
        migrations.RunSQL(
            [ADDS_UP, *ADDS_UP_TRIGGERS],
            [
                "DROP TRIGGER parcel_adds_up ON warehouse_parcel",
                "DROP TRIGGER shipped_adds_up ON warehouse_stockmove",
                "DROP FUNCTION check_parcel_adds_up()",
            ],
        ),
        migrations.RunSQL(NOT_FOR_PUBLIC, migrations.RunSQL.noop),
        OnlyChanging("warehouse_order", "state", "marketplace_state", "cancelled_at", "cancel_reason"),
        OnlyChanging("warehouse_orderline"),
        OnlyChanging("warehouse_recipient", "name", "phone", "address"),  # one day they are erased
        OnlyChanging(
            "warehouse_parcel",
            "state",
            "picker_id",
            "picking_at",
            "picked_at",
            "packed_by_id",
            "packed_at",
            "estimated_weight_g",
            "measured_weight_g",
            "length_mm",
            "width_mm",
            "height_mm",
            "clearance_id",
            "clearance_kind",
            "clearance_verdict",
            "checked_at",
            "handed_over_at",
            "delivered_at",
            "cancelled_at",
        ),
        OnlyChanging("warehouse_allocation", "state"),
        OnlyChanging("warehouse_parcelitem", "quantity", "scanned_at"),
        StateEdges(
            "warehouse_order",
            "state",
            {
                "paid": ["allocated", "short", "cancelled"],
                "short": ["allocated", "cancelled"],
                "allocated": ["packed", "short", "cancelled"],
                "packed": ["shipped", "allocated", "short", "cancelled"],
                "shipped": ["delivered"],
                "delivered": [],
                "cancelled": [],
            },
        ),
        StateEdges(
            "warehouse_parcel",
            "state",
            {
                "picking": ["packed", "cancelled"],
                "packed": ["checked", "picking", "cancelled"],
                "checked": ["handed_over", "picking", "cancelled"],
                "handed_over": [],
                "cancelled": [],
            },
        ),
        StateEdges(
            "warehouse_allocation",
            "state",
            {"open": ["picked", "freed"], "picked": ["shipped", "freed"], "shipped": [], "freed": []},
        ),
    ]

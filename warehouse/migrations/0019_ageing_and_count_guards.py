"""What pickers, counters and those who decide may do, whoever writes.

A lot that expires later than the one proposed needs a reason; what is left lying is replaced unit by unit. What a count found came in
at no door and counts as received.
"""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

FOLLOWS_PARCEL = """
CREATE OR REPLACE FUNCTION check_allocation_follows_parcel() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    parcel text := (SELECT state FROM public.warehouse_parcel WHERE id = NEW.parcel_id);
BEGIN
    IF (NEW.state = 'freed' AND parcel NOT IN ({freed})) OR (NEW.state = 'shipped' AND parcel <> 'handed_over')
       OR (NEW.state IN ('open', 'picked') AND parcel <> 'picking') THEN
        RAISE EXCEPTION 'allocation % cannot be %: its parcel is %', NEW.id, NEW.state, parcel
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_follows_parcel', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""

# At every commit: what was freed while its parcel is packed was replaced by as many units for the same line, and none of it is in.
IS_REPLACED = """
CREATE FUNCTION check_freed_is_replaced() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM public.warehouse_parcel WHERE id = NEW.parcel_id AND state <> 'cancelled')
       AND (NEW.quantity <> (SELECT coalesce(sum(quantity), 0) FROM public.warehouse_allocation
                              WHERE replaces_id = NEW.id AND parcel_id = NEW.parcel_id AND line_id = NEW.line_id)
            OR EXISTS (SELECT 1 FROM public.warehouse_parcelitem WHERE allocation_id = NEW.id AND quantity > 0)) THEN
        RAISE EXCEPTION 'allocation % was freed and not replaced', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_freed_is_replaced',
                  TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
IS_REPLACED_TRIGGER = """
CREATE CONSTRAINT TRIGGER allocation_freed_is_replaced AFTER UPDATE ON warehouse_allocation
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'freed' AND OLD.state <> 'freed') EXECUTE FUNCTION check_freed_is_replaced()
"""

# Lots without an expiry date come last, as in allocation.
LATER_NEEDS_REASON = """
CREATE FUNCTION check_later_lot_has_reason() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    proposed date;
    taken date := (SELECT expiry_date FROM public.warehouse_lot WHERE id = NEW.lot_id);
BEGIN
    SELECT lot.expiry_date INTO proposed FROM public.warehouse_allocation was JOIN public.warehouse_lot lot ON lot.id = was.lot_id
     WHERE was.id = NEW.replaces_id AND was.state = 'freed' AND was.parcel_id = NEW.parcel_id AND was.line_id = NEW.line_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'allocation % replaces nothing of its line that was freed', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'allocation_replaces_its_own', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    IF NEW.swap_reason = '' AND coalesce(taken, 'infinity') > coalesce(proposed, 'infinity') THEN
        RAISE EXCEPTION 'a lot that expires later needs a reason'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'later_lot_needs_reason', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
LATER_TRIGGER = """
CREATE TRIGGER later_lot_needs_reason BEFORE INSERT ON warehouse_allocation
FOR EACH ROW WHEN (NEW.replaces_id IS NOT NULL) EXECUTE FUNCTION check_later_lot_has_reason()
"""

ADD_UP = """
CREATE OR REPLACE FUNCTION check_lot_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    received bigint := (SELECT coalesce(sum(quantity), 0) FROM public.warehouse_receipt WHERE lot_id = NEW.lot_id){found};
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
FOUND = """
                     + (SELECT coalesce(sum(line.found), 0) FROM public.warehouse_countline line WHERE line.lot_id = NEW.lot_id AND line.found > 0)"""
FOUND_TRIGGER = """
CREATE CONSTRAINT TRIGGER found_adds_up AFTER UPDATE ON warehouse_countline
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.found <> OLD.found) EXECUTE FUNCTION check_lot_adds_up()
"""

# At every commit: what a count posted was settled, and a difference above the limit not by who counted it. Nothing is posted later.
SETTLED = """
CREATE FUNCTION check_count_is_settled() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    settler bigint;
BEGIN
    SELECT settled_by_id INTO settler FROM public.warehouse_cyclecount WHERE id = NEW.count_id AND state = 'posted';
    IF settler IS NULL OR (settler = NEW.counted_by_id AND NEW.lost + NEW.found > greatest(2, NEW.expected / 100)) THEN
        RAISE EXCEPTION 'count %: a difference of % needs a second person', NEW.count_id, NEW.lost + NEW.found
            USING ERRCODE = 'check_violation', CONSTRAINT = 'count_difference_needs_second', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
SETTLED_TRIGGER = """
CREATE CONSTRAINT TRIGGER count_difference_needs_second AFTER UPDATE ON warehouse_countline DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW WHEN ((NEW.lost, NEW.found) <> (OLD.lost, OLD.found)) EXECUTE FUNCTION check_count_is_settled()
"""

OF_LOT = ("id", "merchant_id", "warehouse_id", "product_id")
PERSON = ("id", "organisation_id")


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0018_ageing_and_counts")]

    operations = [
        migrations.RunSQL(
            [FOLLOWS_PARCEL.format(freed="'cancelled', 'picking'")],
            [FOLLOWS_PARCEL.format(freed="'cancelled'")],
        ),
        migrations.RunSQL(
            [IS_REPLACED, IS_REPLACED_TRIGGER, LATER_NEEDS_REASON, LATER_TRIGGER],
            [
                "DROP TRIGGER allocation_freed_is_replaced ON warehouse_allocation",
                "DROP TRIGGER later_lot_needs_reason ON warehouse_allocation",
                "DROP FUNCTION check_freed_is_replaced()",
                "DROP FUNCTION check_later_lot_has_reason()",
            ],
        ),
        migrations.RunSQL(
            [ADD_UP.format(found=FOUND), FOUND_TRIGGER, SETTLED, SETTLED_TRIGGER],
            [
                "DROP TRIGGER count_difference_needs_second ON warehouse_countline",
                "DROP FUNCTION check_count_is_settled()",
                "DROP TRIGGER found_adds_up ON warehouse_countline",
                ADD_UP.format(found=""),
            ],
        ),
        SameOwner("warehouse_endinglot", ("lot_id", "merchant_id"), "warehouse_lot", ("id", "merchant_id")),
        SameOwner("warehouse_countline", ("lot_id", "merchant_id", "warehouse_id", "product_id"), "warehouse_lot", OF_LOT),
        SameOwner("warehouse_countline", ("count_id", "warehouse_id"), "warehouse_cyclecount", ("id", "warehouse_id")),
        SameOwner("warehouse_countline", ("bin_id", "warehouse_id"), "warehouse_bin", ("id", "warehouse_id")),
        SameOwner("warehouse_countline", ("counted_by_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("warehouse_cyclecount", ("settled_by_id", "warehouse_id"), "assurance_user", PERSON),
        AppendOnly("warehouse_liferule"),
        OnlyChanging("warehouse_endinglot", "state", "owner_id", "owned_at", "deed", "note", "decided_by_id", "decided_at"),
        OnlyChanging("warehouse_cyclecount", "state", "settled_at", "settled_by_id"),
        OnlyChanging("warehouse_countline", "expected", "counted", "counted_by_id", "counted_at", "reason", "lost", "found"),
        StateEdges("warehouse_endinglot", "state", {"open": ["done"], "done": []}),
        StateEdges(
            "warehouse_cyclecount",
            "state",
            {"open": ["counted", "cancelled"], "counted": ["posted", "open"], "posted": [], "cancelled": []},
        ),
    ]

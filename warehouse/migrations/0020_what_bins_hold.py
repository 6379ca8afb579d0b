"""What bins and admissions hold, whoever writes: released goods and others never share a bin, and nothing comes in beyond its admission."""

from django.db import migrations, models

# At every commit: picking and storage bins of a lot hold no more than was released of it, waiting bins no more than was not. The
# lot's row is held, so that two who write at the same moment see each other.
HOLD_WHAT_IS_THERE = """
CREATE OR REPLACE FUNCTION check_bins_hold_what_is_there() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ready bigint;
    waiting bigint;
    released bigint;
    others bigint;
BEGIN
    PERFORM 1 FROM public.warehouse_lot WHERE id = NEW.lot_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(kept.quantity) FILTER (WHERE bin.kind <> 'waiting'), 0), coalesce(sum(kept.quantity) FILTER (WHERE bin.kind = 'waiting'), 0)
      INTO ready, waiting
      FROM public.warehouse_binbalance kept JOIN public.warehouse_bin bin ON bin.id = kept.bin_id WHERE kept.lot_id = NEW.lot_id;
    IF ready + waiting > 0 THEN
        SELECT coalesce(sum(quantity) FILTER (WHERE custody = 'released'), 0), coalesce(sum(quantity) FILTER (WHERE custody <> 'released'), 0)
          INTO released, others
          FROM public.warehouse_stockbalance WHERE lot_id = NEW.lot_id AND custody IN ('pending', 'released', 'held');
        IF ready + waiting > released + others THEN
            RAISE EXCEPTION 'lot %: % in bins, but % are there', NEW.lot_id, ready + waiting, released + others
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bins_hold_what_is_there',
                      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
        ELSIF ready > released OR waiting > others THEN
            RAISE EXCEPTION 'lot %: % of % released and % of % other units in bins', NEW.lot_id, ready, released, waiting, others
                USING ERRCODE = 'check_violation', CONSTRAINT = 'bins_keep_released_goods_apart',
                      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
        END IF;
    END IF;
    RETURN NULL;
END
$$
"""
BEFORE = """
CREATE OR REPLACE FUNCTION check_bins_hold_what_is_there() RETURNS trigger LANGUAGE plpgsql
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
FOLLOW_TRIGGER = """
CREATE CONSTRAINT TRIGGER bins_follow_the_stock AFTER INSERT ON warehouse_stockmove
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION check_bins_hold_what_is_there()
"""
DROP_FOLLOW = "DROP TRIGGER bins_follow_the_stock ON warehouse_stockmove"

# The admission is held until the end, so that two receipts at the same moment see each other.
WITHIN_ADMISSION = """
CREATE FUNCTION check_within_admission() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    admitted bigint;
    taken bigint;
BEGIN
    SELECT quantity INTO admitted FROM public.warehouse_discrepancy WHERE id = NEW.admitted_under_id FOR NO KEY UPDATE;
    SELECT sum(quantity) INTO taken FROM public.warehouse_receipt WHERE admitted_under_id = NEW.admitted_under_id;
    IF taken > admitted THEN
        RAISE EXCEPTION '% units came in under an admission of %', taken, admitted
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
ADMISSION_TRIGGER = """
CREATE TRIGGER receipt_within_its_admission AFTER INSERT ON warehouse_receipt
FOR EACH ROW WHEN (NEW.admitted_under_id IS NOT NULL) EXECUTE FUNCTION check_within_admission()
"""


class Migration(migrations.Migration):
    dependencies = [("warehouse", "0019_ageing_and_count_guards")]

    operations = [
        migrations.RemoveConstraint("bin", "bin_kind_is_known"),
        migrations.AlterField(
            "bin",
            "kind",
            models.CharField(
                choices=[("picking", "Picking"), ("storage", "Storage"), ("waiting", "Not released")], max_length=8, verbose_name="kind"
            ),
        ),
        migrations.AddConstraint(
            "bin",
            models.CheckConstraint(condition=models.Q(kind__in=["picking", "storage", "waiting"]), name="bin_kind_is_known"),
        ),
        migrations.RunSQL(
            [HOLD_WHAT_IS_THERE, DROP_FOLLOW, FOLLOW_TRIGGER.format(when="NEW.source IN ('pending', 'released', 'held')")],
            [BEFORE, DROP_FOLLOW, FOLLOW_TRIGGER.format(when="NEW.target IN ('sampled', 'returned', 'destroyed', 'shipped')")],
        ),
        migrations.RunSQL(
            [WITHIN_ADMISSION, ADMISSION_TRIGGER],
            ["DROP TRIGGER receipt_within_its_admission ON warehouse_receipt", "DROP FUNCTION check_within_admission()"],
        ),
    ]

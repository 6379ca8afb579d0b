"""What failed and what was decided on it, whoever writes: none is missing, owners agree, units are counted, goods move with the word."""

from django.db import migrations

from assurance.database import AlsoChanging, AppendOnly, OnlyChanging, SameOwner, StateEdges

SIDES = ("merchant_id", "warehouse_id")
BOTH = ("id", *SIDES)
PERSON = ("id", "organisation_id")

# P5.1: with the verdict comes what must be put right; looked at when the transaction commits.
NONE_MISSING = """
CREATE FUNCTION check_failure_has_non_conformance() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.qc_nonconformance n
                    WHERE n.stage = TG_ARGV[0] AND n.source_id = NEW.id AND n.merchant_id = NEW.merchant_id
                      AND n.warehouse_id = NEW.warehouse_id) THEN
        RAISE EXCEPTION '% % failed without a non-conformance', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'failed_with_a_non_conformance', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
NONE_MISSING_TRIGGERS = [
    """
    CREATE CONSTRAINT TRIGGER inspection_failed_with_a_non_conformance AFTER INSERT OR UPDATE OF state ON qc_inspection
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'rejected') EXECUTE FUNCTION check_failure_has_non_conformance('inbound')
    """,
    """
    CREATE CONSTRAINT TRIGGER check_failed_with_a_non_conformance AFTER INSERT ON qc_outboundcheck
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.verdict = 'failed') EXECUTE FUNCTION check_failure_has_non_conformance('outbound')
    """,
]

# P5.2: a step stands only beside the stock move of exactly its goods, and only while its decision is in force.
COUNT_MOVES = """
CREATE FUNCTION count_disposition_move() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    goes text := CASE NEW.kind WHEN 'sort' THEN 'released' WHEN 'use_as_is' THEN 'released' WHEN 'rework' THEN 'pending'
                     WHEN 'relabel' THEN 'pending' WHEN 'destroy' THEN 'destroyed' ELSE 'returned' END;
BEGIN
    IF NEW.move_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM public.warehouse_stockmove m
         WHERE m.id = NEW.move_id AND m.lot_id = NEW.lot_id AND m.quantity = NEW.quantity AND m.source = 'held' AND m.target = goes) THEN
        RAISE EXCEPTION 'the stock move of a disposition moves its own goods'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposition_moves_its_own_goods', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    UPDATE public.qc_disposition SET settled = settled + NEW.quantity, sorted_out = sorted_out + NEW.sorted_out
     WHERE id = NEW.disposition_id AND state = 'approved';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'only an approved decision is carried out'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'disposition_is_approved', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
COUNT_MOVES_TRIGGER = """
CREATE TRIGGER disposition_move_is_counted AFTER INSERT ON qc_dispositionmove FOR EACH ROW EXECUTE FUNCTION count_disposition_move()
"""
# What a decision holds of its non-conformance: all of it while it stands, afterwards what it used.
COUNT_DECISIONS = """
CREATE FUNCTION count_disposition() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    held integer := CASE NEW.state WHEN 'approved' THEN NEW.quantity WHEN 'done' THEN NEW.settled WHEN 'ended' THEN NEW.settled ELSE 0 END;
    used integer := NEW.settled;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        held := held - CASE OLD.state WHEN 'approved' THEN OLD.quantity WHEN 'done' THEN OLD.settled WHEN 'ended' THEN OLD.settled ELSE 0 END;
        used := used - OLD.settled;
    END IF;
    IF held <> 0 OR used <> 0 THEN
        UPDATE public.qc_nonconformance SET assigned = assigned + held, settled = settled + used WHERE id = NEW.non_conformance_id;
    END IF;
    RETURN NULL;
END
$$
"""
COUNT_DECISIONS_TRIGGER = """
CREATE TRIGGER disposition_is_counted AFTER INSERT OR UPDATE OF state, settled ON qc_disposition FOR EACH ROW EXECUTE FUNCTION count_disposition()
"""


class Migration(migrations.Migration):
    dependencies = [("qc", "0012_dispositions")]

    operations = [
        SameOwner(
            "qc_nonconformance",
            ("lot_id", "merchant_id", "warehouse_id", "product_id"),
            "warehouse_lot",
            ("id", "merchant_id", "warehouse_id", "product_id"),
        ),
        SameOwner("qc_nonconformancephoto", ("non_conformance_id", *SIDES), "qc_nonconformance", BOTH),
        SameOwner("qc_nonconformancephoto", ("file_id", "warehouse_id"), "assurance_storedfile", PERSON),
        SameOwner("qc_disposition", ("non_conformance_id", *SIDES, "lot_id"), "qc_nonconformance", (*BOTH, "lot_id")),
        SameOwner(
            "qc_dispositionmove",
            ("disposition_id", "lot_id", *SIDES, "kind"),
            "qc_disposition",
            ("id", "lot_id", *SIDES, "kind"),
        ),
        SameOwner("qc_dispositionmove", ("ends_date", "disposition_id"), "qc_disposition", ("ends_date", "id")),
        SameOwner("qc_dispositionmove", ("actor_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("qc_dispositionmove", ("witness_id", "warehouse_id"), "assurance_user", PERSON),
        SameOwner("qc_dispositionmove", ("photo_id", "warehouse_id"), "assurance_storedfile", PERSON),
        migrations.RunSQL(
            [NONE_MISSING, *NONE_MISSING_TRIGGERS],
            [
                "DROP TRIGGER inspection_failed_with_a_non_conformance ON qc_inspection",
                "DROP TRIGGER check_failed_with_a_non_conformance ON qc_outboundcheck",
                "DROP FUNCTION check_failure_has_non_conformance()",
            ],
        ),
        migrations.RunSQL(
            [COUNT_MOVES, COUNT_MOVES_TRIGGER, "REVOKE EXECUTE ON FUNCTION count_disposition_move() FROM PUBLIC"],
            ["DROP TRIGGER disposition_move_is_counted ON qc_dispositionmove", "DROP FUNCTION count_disposition_move()"],
        ),
        migrations.RunSQL(
            [COUNT_DECISIONS, COUNT_DECISIONS_TRIGGER, "REVOKE EXECUTE ON FUNCTION count_disposition() FROM PUBLIC"],
            ["DROP TRIGGER disposition_is_counted ON qc_disposition", "DROP FUNCTION count_disposition()"],
        ),
        AlsoChanging("qc_nonconformance", "due_at"),
        OnlyChanging("qc_disposition", "state", "decided_by_id", "decided_at", "decision_reason", "finished_at"),
        AppendOnly("qc_nonconformancephoto"),
        AppendOnly("qc_dispositionmove"),
        StateEdges(
            "qc_disposition",
            "state",
            {
                "requested": ["approved", "refused", "withdrawn"],
                "approved": ["done", "ended"],
                "refused": [],
                "withdrawn": [],
                "done": [],
                "ended": [],
            },
        ),
    ]

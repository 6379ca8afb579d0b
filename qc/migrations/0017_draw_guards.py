"""What draws and repetitions may do, whoever writes: the seed is the one committed to, nobody repeats himself, a doubt is final."""

from django.db import migrations

from assurance.database import AlsoChanging, AppendOnly, SameOwner, StateEdges

COMMITTED = """
ALTER TABLE qc_inspection ADD CONSTRAINT inspection_seed_is_the_one_committed_to
CHECK (seed = '' OR encode(sha256(decode(seed, 'hex')), 'hex') = commitment)
"""
# refuse_change() came with the first append-only table of the ground floor.
DECIDED = """
CREATE OR REPLACE TRIGGER qc_inspection_is_decided_once BEFORE UPDATE ON qc_inspection FOR EACH ROW
    WHEN (OLD.state IN ({states})) EXECUTE FUNCTION refuse_change()
"""
OTHERS = """
CREATE FUNCTION check_repetition_is_by_another() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT i.inspector_id FROM public.qc_inspection i WHERE i.id = NEW.repeats_id) = NEW.inspector_id THEN
        RAISE EXCEPTION 'nobody repeats his own inspection'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
OTHERS_TRIGGER = """
CREATE TRIGGER inspection_repeated_by_another BEFORE INSERT OR UPDATE ON qc_inspection FOR EACH ROW
WHEN (NEW.repeats_id IS NOT NULL AND NEW.inspector_id IS NOT NULL) EXECUTE FUNCTION check_repetition_is_by_another()
"""


class Migration(migrations.Migration):
    dependencies = [("qc", "0016_draw_and_doubt")]

    operations = [
        SameOwner("qc_inspection", ("repeats_id", "merchant_id"), "qc_inspection", ("id", "merchant_id")),
        migrations.RunSQL([COMMITTED], ["ALTER TABLE qc_inspection DROP CONSTRAINT inspection_seed_is_the_one_committed_to"]),
        migrations.RunSQL(
            [DECIDED.format(states="'accepted', 'rejected', 'doubted'")],
            [DECIDED.format(states="'accepted', 'rejected'")],
        ),
        migrations.RunSQL(
            [OTHERS, OTHERS_TRIGGER],
            ["DROP TRIGGER inspection_repeated_by_another ON qc_inspection", "DROP FUNCTION check_repetition_is_by_another()"],
        ),
        AppendOnly("qc_inspectionseed"),
        AlsoChanging("qc_inspection", "seed", "doubts", "is_skipped"),
        StateEdges(
            "qc_inspection",
            "state",
            {
                "open": ["claimed"],
                "claimed": ["open", "accepted", "rejected", "doubted"],
                "accepted": [],
                "rejected": [],
                "doubted": [],
            },
        ),
    ]

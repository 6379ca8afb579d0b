"""Rows of the ledger never change, and every new one waits for its place in the log."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging

AWAIT_PLACE = """
CREATE FUNCTION await_place() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.assurance_logwaiting (source, source_id) SELECT TG_ARGV[0], id FROM fresh ORDER BY id;
    RETURN NULL;
END
$$
"""
# For every statement, not every row: a thousand rows wait for one insert.
TRIGGER = """
CREATE TRIGGER "{table}_awaits_place" AFTER INSERT ON "{table}" REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION await_place('{source}')
"""
# What was written before there was a log.
CATCH_UP = """
INSERT INTO assurance_logwaiting (source, source_id)
SELECT '{source}', id FROM "{table}" t
 WHERE NOT EXISTS (SELECT 1 FROM assurance_logplace p WHERE p.source = '{source}' AND p.source_id = t.id)
 ORDER BY id
"""
SOURCES = {"assurance_evidenceentry": "evidence", "assurance_event": "event"}
# The queue is emptied five times a second; its pages should be reused as soon.
VACUUM = """
ALTER TABLE assurance_logwaiting SET (autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_scale_factor = 0,
                                      autovacuum_vacuum_insert_threshold = -1)
"""


class Migration(migrations.Migration):
    dependencies = [("assurance", "0002_idempotency_keys")]

    operations = [
        migrations.RunSQL([AWAIT_PLACE], ["DROP FUNCTION await_place()"]),
        *(
            migrations.RunSQL(
                [TRIGGER.format(table=table, source=source), CATCH_UP.format(table=table, source=source)],
                [f'DROP TRIGGER "{table}_awaits_place" ON "{table}"'],
            )
            for table, source in SOURCES.items()
        ),
        migrations.RunSQL(
            [VACUUM],
            [
                "ALTER TABLE assurance_logwaiting RESET (autovacuum_vacuum_threshold, autovacuum_vacuum_scale_factor, "
                "autovacuum_vacuum_insert_threshold)"
            ],
        ),
        AppendOnly("assurance_event"),
        AppendOnly("assurance_evidenceentry"),
        AppendOnly("assurance_logplace"),
        AppendOnly("assurance_lognode"),
        AppendOnly("assurance_checkpoint"),
        AppendOnly("assurance_fact"),
        AppendOnly("assurance_clearance"),
        OnlyChanging("assurance_stop", "until", "lifted_at", "lifted_by_id", "lift_reason"),
    ]

"""What answers may do, whoever writes: they are given while somebody inspects, never change, and nothing is accepted without them."""

from django.db import migrations

from assurance.database import AppendOnly, SameOwner

ANSWERS = """
CREATE FUNCTION check_points_are_being_answered() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN public.qc_inspection i ON i.id = fresh.inspection_id
                WHERE i.state <> 'claimed' OR i.inspector_id <> fresh.answered_by_id) THEN
        RAISE EXCEPTION 'points are answered by whoever inspects, while he does'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
ANSWERS_TRIGGER = """
CREATE TRIGGER points_of_a_claimed_inspection AFTER INSERT ON qc_pointsanswered REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION check_points_are_being_answered()
"""
ACCEPTED = """
CREATE FUNCTION check_points_are_in_order() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT jsonb_array_length(c.checkpoints) FROM public.qc_checklist c WHERE c.id = NEW.checklist_id) > 0
       AND NOT coalesce((SELECT a.failing = '[]'::jsonb FROM public.qc_pointsanswered a WHERE a.inspection_id = NEW.id
                          ORDER BY a.attempt DESC LIMIT 1), false) THEN
        RAISE EXCEPTION 'nothing is accepted before every point of its checklist is answered and in order'
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
ACCEPTED_TRIGGER = """
CREATE TRIGGER accepted_with_points_in_order BEFORE UPDATE ON qc_inspection FOR EACH ROW
WHEN (NEW.state = 'accepted' AND OLD.state <> 'accepted') EXECUTE FUNCTION check_points_are_in_order()
"""


class Migration(migrations.Migration):
    dependencies = [("qc", "0009_points")]

    operations = [
        SameOwner("qc_pointsanswered", ("inspection_id", "merchant_id"), "qc_inspection", ("id", "merchant_id")),
        SameOwner("qc_pointsanswered", ("answered_by_id", "warehouse_id"), "assurance_user", ("id", "organisation_id")),
        SameOwner("qc_benchphoto", ("inspection_id", "merchant_id"), "qc_inspection", ("id", "merchant_id")),
        SameOwner("qc_benchphoto", ("taken_by_id", "warehouse_id"), "assurance_user", ("id", "organisation_id")),
        SameOwner("qc_benchphoto", ("file_id", "warehouse_id"), "assurance_storedfile", ("id", "organisation_id")),
        migrations.RunSQL(
            [ANSWERS, ANSWERS_TRIGGER],
            ["DROP TRIGGER points_of_a_claimed_inspection ON qc_pointsanswered", "DROP FUNCTION check_points_are_being_answered()"],
        ),
        migrations.RunSQL(
            [ACCEPTED, ACCEPTED_TRIGGER],
            ["DROP TRIGGER accepted_with_points_in_order ON qc_inspection", "DROP FUNCTION check_points_are_in_order()"],
        ),
        AppendOnly("qc_pointsanswered"),
        AppendOnly("qc_benchphoto"),
    ]

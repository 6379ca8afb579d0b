"""Nothing is handed over for review before its merchant accepted an agreement, whoever writes."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION refuse_submission_without_agreement() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'enrolment % was submitted without an accepted agreement', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$
"""
TRIGGER = """
CREATE TRIGGER enrolment_submitted_under_an_agreement BEFORE INSERT OR UPDATE OF state, acceptance_id ON assurance_enrolment
    FOR EACH ROW WHEN (NEW.state = 'submitted' AND NEW.acceptance_id IS NULL) EXECUTE FUNCTION refuse_submission_without_agreement()
"""


class Migration(migrations.Migration):
    dependencies = [("assurance", "0009_agreement_and_catalog_guards")]

    operations = [
        migrations.RunSQL(
            [FUNCTION, TRIGGER],
            [
                "DROP TRIGGER enrolment_submitted_under_an_agreement ON assurance_enrolment",
                "DROP FUNCTION refuse_submission_without_agreement()",
            ],
        )
    ]

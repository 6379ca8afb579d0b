"""What the rules of categories may do, whoever writes: no two in force at once, no word changed after activation, nobody his own."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, StateEdges

ONCE_AT_A_TIME = """
ALTER TABLE assurance_categoryversion ADD CONSTRAINT category_version_once_at_a_time
    EXCLUDE USING gist (category_id WITH =, daterange(effective_from, effective_until) WITH &&) WHERE (state = 'active')
"""
NOT_BY_ITS_AUTHOR = """
ALTER TABLE assurance_categoryversion ADD CONSTRAINT category_version_not_activated_by_its_author
    CHECK (activated_by_id IS NULL OR NOT (activated_by_id = ANY (authors)))
"""
# A draft is free. From then on only its end is written, once, and never before it began.
FROZEN = """
CREATE FUNCTION refuse_version_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF to_jsonb(OLD) - 'effective_until' IS DISTINCT FROM to_jsonb(NEW) - 'effective_until' OR OLD.effective_until IS NOT NULL THEN
        RAISE EXCEPTION 'version % of category % stands', OLD.label, OLD.category_id
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'category_version_stands', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
FROZEN_TRIGGER = """
CREATE TRIGGER category_version_stands BEFORE UPDATE ON assurance_categoryversion FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION refuse_version_change()
"""
CHANGING = (
    "is_perishable",
    "required_attributes",
    "certificates",
    "labels",
    "shelf_life",
    "risk_prior",
    "risk_reason_zh",
    "risk_reason_en",
    "inspection_level",
    "aql_major",
    "aql_minor",
    "lab_tests",
    "lab_result_days",
    "badge_days",
    "state",
    "revision",
    "effective_from",
    "effective_until",
    "note",
    "authors",
    "changed_at",
    "activated_by_id",
    "activated_at",
    "accepted_digest",
    "accepted_count",
)


class Migration(migrations.Migration):
    dependencies = [("assurance", "0017_first_category_versions")]

    operations = [
        migrations.RunSQL(ONCE_AT_A_TIME, "ALTER TABLE assurance_categoryversion DROP CONSTRAINT category_version_once_at_a_time"),
        migrations.RunSQL(
            NOT_BY_ITS_AUTHOR, "ALTER TABLE assurance_categoryversion DROP CONSTRAINT category_version_not_activated_by_its_author"
        ),
        migrations.RunSQL(FROZEN, "DROP FUNCTION refuse_version_change()"),
        migrations.RunSQL(FROZEN_TRIGGER, "DROP TRIGGER category_version_stands ON assurance_categoryversion"),
        OnlyChanging("assurance_categoryversion", *CHANGING),
        StateEdges("assurance_categoryversion", "state", {"draft": ["active", "discarded"], "active": [], "discarded": []}),
        AppendOnly("assurance_categoryconcern"),
    ]

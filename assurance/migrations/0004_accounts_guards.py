"""The table of the cache (used codes, rates of asking), and what ties people, keys and invitations to their organisation."""

from django.db import migrations

CACHE = """
CREATE TABLE web_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX web_cache_expires ON web_cache (expires);
"""
SAME_ORGANISATION = """
ALTER TABLE assurance_user ADD CONSTRAINT user_kind_is_the_organisations
    FOREIGN KEY (organisation_id, organisation_kind) REFERENCES assurance_organisation (id, kind);
ALTER TABLE assurance_apikey ADD CONSTRAINT api_key_organisation_is_the_persons
    FOREIGN KEY (user_id, organisation_id) REFERENCES assurance_user (id, organisation_id);
ALTER TABLE assurance_invitation ADD CONSTRAINT invitation_organisation_is_the_persons
    FOREIGN KEY (user_id, organisation_id) REFERENCES assurance_user (id, organisation_id);
"""
NO_LONGER = """
ALTER TABLE assurance_invitation DROP CONSTRAINT invitation_organisation_is_the_persons;
ALTER TABLE assurance_apikey DROP CONSTRAINT api_key_organisation_is_the_persons;
ALTER TABLE assurance_user DROP CONSTRAINT user_kind_is_the_organisations;
"""


class Migration(migrations.Migration):
    dependencies = [("assurance", "0003_ledger_guards")]

    operations = [
        migrations.RunSQL(CACHE, "DROP TABLE web_cache"),
        migrations.RunSQL(SAME_ORGANISATION, NO_LONGER),
    ]

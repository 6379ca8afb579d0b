#!/bin/sh
# Run once by the postgres image in an empty data folder: the two roles, what they may do, and the database.
set -eu
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d template1 -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" -f /sql/roles.sql
psql -v ON_ERROR_STOP=1 -U "$POSTGRES_USER" -d template1 -v database_name=wuyou -f /sql/database.sql

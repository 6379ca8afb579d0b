"""What every test stands on: one PostgreSQL and one Valkey a session, a clone of the migrated database a worker or a test."""

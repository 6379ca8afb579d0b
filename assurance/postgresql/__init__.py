"""Django's backend for PostgreSQL with a health check that costs nothing while a connection is in use."""

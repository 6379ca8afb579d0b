"""PostgreSQL and Valkey from wheels, started as direct children; standard library only."""

-- The two roles of the platform and what they may do in every database made from template1.
-- Run as a superuser in template1, with psql variables owner_password and app_password. May be run again.
SELECT format('CREATE ROLE %I', name)
  FROM unnest(ARRAY['wuyou_owner', 'wuyou_app']) AS name
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE wuyou_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE wuyou_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS citext;

-- The owner makes the tables; the application reads and writes rows, and never truncates.
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO wuyou_owner;
GRANT USAGE ON SCHEMA public TO wuyou_app;
ALTER DEFAULT PRIVILEGES FOR ROLE wuyou_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO wuyou_app;
ALTER DEFAULT PRIVILEGES FOR ROLE wuyou_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO wuyou_app;

-- One database with code-point order, the same on every machine. Run as a superuser, with the psql variable database_name.
CREATE DATABASE :"database_name" OWNER wuyou_owner ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8' TEMPLATE template1;
REVOKE ALL ON DATABASE :"database_name" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database_name" TO wuyou_owner, wuyou_app;

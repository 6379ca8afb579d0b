"""What the servers must promise before the platform starts: system checks tagged ``reliability``.

``manage.py check --tag reliability --database default`` runs them; without ``--database`` they ask no server. The supervisor and the
containers run them before the web starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import redis
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.db import Error as DatabaseError
from django.db import connections

from assurance.sheets.markup import walk
from assurance.sheets.table import Unreadable

TAG = "reliability"
DURABLE = ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
"""Parameters of PostgreSQL that must be on: without one of them an acknowledged commit can be lost or a torn page go unseen."""
ENOUGH = {"synchronous_commit": frozenset({"on", "remote_apply"})}
EMBEDDED = "wuyou-embedded"
"""How the embedded servers call themselves (deploy/run.py)."""


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"reliability.E{number:03}")


@register(TAG)
def check_database(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Durability of the server and powerlessness of the role we use."""
    if not databases or "default" not in databases:
        return []
    try:
        return [*_durability(), *_role(), *_not_embedded_in_production()]
    except DatabaseError as error:
        return [_error(1, f"PostgreSQL does not answer: {str(error).strip().splitlines()[0]}", "see DATABASE_URL")]


def _ask(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    with connections["default"].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def _durability() -> list[Error]:
    found = dict(_ask("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(DURABLE)]))
    return [
        _error(2, f"PostgreSQL runs with {name} = {found.get(name)}", "an acknowledged commit must survive a crash: switch it on")
        for name in DURABLE
        if found.get(name) not in ENOUGH.get(name, frozenset({"on"}))
    ]


def _role() -> list[Error]:
    [(role, is_superuser, bypasses_rls, creates)] = _ask(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    )
    [(owns_tables, owns_database, may_truncate)] = _ask(
        """
        SELECT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(c.relowner, 'USAGE')),
               EXISTS (SELECT FROM pg_database d WHERE d.datname = current_database() AND pg_has_role(d.datdba, 'USAGE')),
               EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                          AND has_table_privilege(c.oid, 'TRUNCATE'))
        """
    )
    hint = "DATABASE_URL must name the application role, DATABASE_OWNER_URL the one that migrates"
    faults = {
        "is a superuser": is_superuser,
        "bypasses row-level security": bypasses_rls,
        "may create roles or databases": creates,
        "owns tables": owns_tables,
        "owns the database": owns_database,
        "may truncate tables": may_truncate,
    }
    return [_error(3, f"the database role {role} {fault}", hint) for fault, is_so in faults.items() if is_so]


def _not_embedded_in_production() -> list[Error]:
    [(name,)] = _ask("SELECT current_setting('cluster_name')")
    if settings.PRODUCTION and name == EMBEDDED:
        return [_error(4, "production runs on the embedded PostgreSQL", "give DATABASE_URL of a server with backups")]
    return []


@register(TAG)
def check_broker(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """A broker that evicts would lose messages silently instead of refusing new ones."""
    if not databases:
        return []
    broker = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5)
    try:
        info = broker.info("memory")
        server = broker.info("server")
    except redis.RedisError as error:
        return [_error(5, f"Valkey does not answer: {type(error).__name__}", "see REDIS_URL")]
    finally:
        broker.close()
    faults = []
    if info.get("maxmemory_policy") != "noeviction":
        faults.append(_error(6, f"Valkey runs with maxmemory-policy {info.get('maxmemory_policy')}", "set it to noeviction"))
    if settings.PRODUCTION and server.get("availability_zone") == EMBEDDED:
        faults.append(_error(7, "production runs on the embedded Valkey", "give REDIS_URL of a server"))
    return list(faults)


@register(TAG)
def check_workbooks(**_: Any) -> list[CheckMessage]:
    """What reads merchants' workbooks refuses a document type; tried, because a reader without defusedxml would expand its entities."""
    try:
        walk([b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'], start=lambda *_: None)
    except Unreadable as refused:
        if refused.code == "xml_not_allowed":
            return []
    return [_error(20, "workbooks with a document type are read", "install defusedxml as requirements/base.txt says")]

"""``python -m tests.experiments.sample_web PORT``: the platform's web with the corpus' sample address and, if asked, a sabotage.

A sabotage brings one defect back, so that the experiment can be seen to fail. Nothing of this is in the product.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import django
from django.urls import get_resolver


def key_before_effect(**given: Any) -> Any:
    """The key is committed before the work, as in platforms where a crash leaves it used up."""
    from django.db import connections

    from assurance.web.idempotency import Reply
    from assurance.web.models import IdempotencyKey

    principal, key = given["principal"], given["key"]
    apart = connections["apart"]
    with apart.cursor() as cursor:
        cursor.execute(
            "INSERT INTO assurance_idempotencykey (principal, key, request_hash, status, content_type, location, body, created_at) "
            "VALUES (%s, %s, %s, 200, 'application/json', '', '{}', %s) ON CONFLICT DO NOTHING RETURNING id",
            [principal, key, given["request_hash"], given["at"]],
        )
        is_first = cursor.fetchone() is not None
    if is_first:
        reply = given["run"]()
        IdempotencyKey.objects.filter(principal=principal, key=key).update(status=reply.status, body=reply.body)
        return reply, False
    kept = IdempotencyKey.objects.get(principal=principal, key=key)
    return Reply(kept.status, kept.content_type, kept.location, bytes(kept.body)), True


def key_forgotten(**given: Any) -> Any:
    """The answer is never kept."""
    return given["run"](), False


def use_instead_of_once(once: Any) -> None:
    from assurance.web import api

    api.once = once


def missing_row_is_a_crash() -> None:
    """A key in a body that points at nothing raises, instead of being refused at its field."""
    from assurance.web.serializers import VisibleField

    VisibleField.to_internal_value = lambda self, data: self.get_queryset().get(**{self.by: data})  # type: ignore[method-assign]


SABOTAGES: dict[str, Callable[[], None]] = {
    "key_before_effect": lambda: use_instead_of_once(key_before_effect),
    "key_forgotten": lambda: use_instead_of_once(key_forgotten),
    "missing_row_is_a_crash": missing_row_is_a_crash,
}


def main(port: str) -> None:
    from django.conf import settings

    settings.ROOT_URLCONF = "tests.hostile.urls"
    settings.API_REQUESTS_PER_SECOND = 0
    settings.DATABASES["apart"] = settings.DATABASES["default"] | {"ATOMIC_REQUESTS": False}
    django.setup()
    get_resolver().url_patterns  # noqa: B018  the workers share what is loaded before they are forked
    sabotage = SABOTAGES.get(os.environ["EXPERIMENT_SABOTAGE"])
    if sabotage:
        sabotage()
    from gunicorn.app.wsgiapp import run

    sys.argv = ["gunicorn", "assurance.wsgi:application", "-b", f"127.0.0.1:{port}", "-w", "4", "--preload", "--no-control-socket"]
    run()


if __name__ == "__main__":
    main(sys.argv[1])

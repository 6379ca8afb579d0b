"""People who read: their language, their time zone, their browser."""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from assurance.accounts.models import User


def browser_of(person: User | None, language: str) -> Client:
    """Return a signed-in browser with a second factor behind it; a stranger's only has the cookie of the language."""
    client = Client(headers={"Accept-Language": "fr"})
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if person is not None:
        User.objects.filter(pk=person.pk).update(language=language)
        client.force_login(person)
        session = client.session
        session["second_factor"] = True
        session.save()
    return client


def speaking(person: User, language: str, zone: str = "Asia/Shanghai") -> User:
    person.language, person.timezone = language, zone
    person.save(update_fields=["language", "timezone"])
    return person

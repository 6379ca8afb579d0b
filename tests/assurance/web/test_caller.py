"""Whom a limit counts: the caller behind a trusted proxy, never what the caller says of himself."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from assurance.web.middleware import CallerMiddleware


def seen(settings: Any, *, trusted: bool, said: str) -> str:
    settings.TRUST_PROXY = trusted
    request = RequestFactory().get("/", HTTP_X_FORWARDED_FOR=said, REMOTE_ADDR="10.0.0.1")
    CallerMiddleware(lambda _: HttpResponse())(request)
    return str(request.META["REMOTE_ADDR"])


class TestTheCaller:
    @pytest.mark.parametrize(
        ("said", "expected"),
        [("203.0.113.7", "203.0.113.7"), ("1.2.3.4, 203.0.113.7", "203.0.113.7"), ("2001:db8::1", "2001:db8::1")],
    )
    def test_is_what_the_trusted_proxy_added_last(self, settings: Any, said: str, expected: str) -> None:
        assert seen(settings, trusted=True, said=said) == expected

    @pytest.mark.parametrize("said", ["nonsense", "203.0.113.7, ' OR 1=1", ""])
    def test_stays_the_proxy_when_the_header_is_senseless(self, settings: Any, said: str) -> None:
        assert seen(settings, trusted=True, said=said) == "10.0.0.1"

    def test_is_never_believed_without_a_proxy(self, settings: Any) -> None:
        assert seen(settings, trusted=False, said="203.0.113.7") == "10.0.0.1"

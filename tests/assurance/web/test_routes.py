"""Routes sorted by their first step lead where they led before."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, URLResolver, include, path, re_path
from django.urls.resolvers import RegexPattern

from assurance.web.routes import by_first_step


def view(_request: HttpRequest, **_given: object) -> HttpResponse:
    return HttpResponse()


ROUTES = [
    path("", include([path("lots/", view, name="lots"), path("lots/<int:pk>/", view, {"of": "us"}, name="lot")])),
    path("counts/", view, name="counts"),
    re_path(r"^lots/(?P<pk>[0-9]+)/hold/$", view, name="hold"),
    path("<str:anything>/", view, name="other"),
    path("own/", include(([path("lots/", view, name="lots")], "own"), namespace="own")),
]


class TestRoutes:
    @pytest.mark.parametrize(
        ("asked", "name", "given"),
        [
            ("lots/", "lots", {}),
            ("lots/7/", "lot", {"pk": 7, "of": "us"}),
            ("lots/7/hold/", "hold", {"pk": "7"}),
            ("counts/", "counts", {}),
            ("anything/", "other", {"anything": "anything"}),
            ("own/lots/", "own:lots", {}),
        ],
    )
    def test_are_found(self, asked: str, name: str, given: dict[str, object]) -> None:
        found = self.sorted().resolve(f"/{asked}")

        assert (found.view_name, found.kwargs) == (name, given)

    def test_that_are_not_there_are_not_found(self) -> None:
        with pytest.raises(Resolver404):
            self.sorted().resolve("/lots/seven/")

    def test_have_the_addresses_they_had(self) -> None:
        assert self.sorted().reverse("hold", pk=7) == "lots/7/hold/"
        assert self.sorted().reverse("lot", pk=7) == "lots/7/"

    def sorted(self) -> URLResolver:
        return URLResolver(RegexPattern(r"^/"), by_first_step(ROUTES))

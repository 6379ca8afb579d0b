"""Everybody sees the ways he may go, and no others."""

from types import SimpleNamespace

import pytest
import tablericons
from django.contrib.auth.models import AnonymousUser

from assurance.access import ACCESS, may
from assurance.navigation import ACCOUNT_WAYS, FIRST, WAYS, address, navigation, place
from assurance.roles import Role


def person(role: Role) -> SimpleNamespace:
    return SimpleNamespace(is_authenticated=True, is_active=True, role=role)


class TestNavigation:
    @pytest.mark.parametrize("item", [*WAYS, *ACCOUNT_WAYS], ids=lambda item: item.route)
    def test_leads_only_where_there_is_something(self, item):
        assert item.route in ACCESS
        assert address(item.route)
        tablericons._load_icon(f"outline/{item.icon}")

    def test_names_every_way_once(self):
        routes = [item.route for item in (*WAYS, *ACCOUNT_WAYS)]

        assert len(routes) == len(set(routes))

    @pytest.mark.parametrize("role", Role)
    def test_shows_a_role_its_ways_and_no_others(self, role):
        user = person(role)

        shown = [item.route for item in navigation(user)]

        assert shown[0] == "home"
        assert sorted(shown) == sorted(item.route for item in WAYS if may(user, item.route))

    @pytest.mark.parametrize("role", [role for role in Role if role in FIRST])
    def test_begins_with_what_the_role_does_all_day(self, role):
        shown = [item.route for item in navigation(person(role))]

        assert shown[1 : 1 + len(FIRST[role])] == list(FIRST[role])
        assert shown[1 + len(FIRST[role]) :] == [item.route for item in WAYS if item.route in shown[1 + len(FIRST[role]) :]]

    def test_shows_a_visitor_the_front_door_alone(self):
        assert [item.route for item in navigation(AnonymousUser())] == ["home"]

    def test_marks_the_way_one_is_on(self):
        assert place("/", WAYS) == "home"
        assert place(address("badges:list"), WAYS) == "badges:list"
        assert place(address("badges:list") + "7/", WAYS) == "badges:list"
        assert place("/nowhere/", WAYS) == ""

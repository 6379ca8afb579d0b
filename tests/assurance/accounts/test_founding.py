"""Many organisations at once: found by their credit code, never added twice, and nobody of them can sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assurance.accounts.actions.founding import Alias, NewHouse, NewPerson, found_all
from assurance.accounts.actions.people import NotYours, RoleDoesNotFit, invite_again
from assurance.accounts.models import Organisation, OrganisationAlias, User
from assurance.events.models import Event
from assurance.roles import Kind, Role
from tests.factories import NOON

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

    from assurance.accounts.models import User as Person

pytestmark = pytest.mark.django_db


def house(number: int, **given: Any) -> NewHouse:
    values = {
        "kind": Kind.MERCHANT,
        "name": f"商家{number}",
        "credit_code": f"91330100MA{number:08}",
        "people": (NewPerson("店主", f"Owner{number}@shops.example", Role.MERCHANT_OWNER),),
        "at": NOON,
        "alias": Alias("mall", f"M{number}", "浙江省", "杭州市", "西湖区"),
        "source": "mall",
    }
    return NewHouse(**(values | given))


class TestFounding:
    def test_adds_each_once_however_often_it_is_asked(self, eve: Person) -> None:
        first = found_all([house(1), house(2)], actor=eve)
        events = Event.objects.count()
        again = found_all([house(2), house(1)], actor=eve)

        assert [one.pk for one in again] == [first[1].pk, first[0].pk]
        assert Event.objects.count() == events
        assert OrganisationAlias.objects.get(code="M2").organisation == first[1]

    def test_takes_who_is_here_already(self, eve: Person, hejian: Organisation) -> None:
        assert found_all([house(1, credit_code=hejian.credit_code)], actor=eve) == [hejian]

    def test_lets_nobody_sign_in_until_somebody_is_invited(self, eve: Person) -> None:
        found_all([house(1)], actor=eve)
        owner = User.objects.get(email="owner1@shops.example")

        assert not owner.is_active
        assert not owner.has_usable_password()
        assert not Event.objects.filter(kind="accounts.person.invited").exists()
        assert invite_again(person_id=owner.pk, actor=eve, at=NOON).purpose == "join"

    def test_keeps_no_name_in_the_log(self, eve: Person) -> None:
        found_all([house(1)], actor=eve)

        changes = Event.objects.get(kind="accounts.person.added").changes
        assert changes["name"][1].startswith("sha256:")

    def test_is_for_the_platform_and_for_roles_that_fit(self, amal: Person, eve: Person) -> None:
        with pytest.raises(NotYours):
            found_all([house(1)], actor=amal)
        with pytest.raises(RoleDoesNotFit):
            found_all([house(1, people=(NewPerson("谁", "x@shops.example", Role.QC_LEAD),))], actor=eve)
        assert not OrganisationAlias.objects.exists()

    def test_asks_as_often_for_fifty_as_for_one(self, eve: Person, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        found_all([house(1)], actor=eve)
        with django_assert_num_queries(12) as one:
            found_all([house(2)], actor=eve)
        with django_assert_num_queries(len(one)):
            found_all([house(number) for number in range(3, 53)], actor=eve)

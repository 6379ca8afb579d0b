"""Bring many organisations in at once, as an import does: found by their credit code, never added twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from assurance.accounts import lifecycle
from assurance.accounts.actions.people import NotYours, RoleDoesNotFit
from assurance.accounts.actions.registration import CODE_LENGTH, PERSON_FIELDS
from assurance.accounts.models import Organisation, OrganisationAlias, User
from assurance.codes import public_code
from assurance.events.actions import News, announce_each
from assurance.events.changes import first
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.roles import Kind


@dataclass(frozen=True, slots=True)
class Alias:
    """What a marketplace calls the organisation, and where it says it sits."""

    source: str
    code: str
    province: str = ""
    city: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody of the organisation. An address that is known already stays whose it is."""

    name: str
    email: str
    role: Role


@dataclass(frozen=True, slots=True)
class NewHouse:
    """One organisation with its people; ``at`` is when it came in."""

    kind: Kind
    name: str
    credit_code: str
    people: tuple[NewPerson, ...]
    at: datetime
    code: str = ""
    alias: Alias | None = None
    source: str = ""


@transaction.atomic
def found_all(houses: Sequence[NewHouse], *, actor: User | None) -> list[Organisation]:
    """Return the organisations of these credit codes (or our own codes); who is not here is added. Without an actor: the platform itself.

    People are added without an invitation and without a password: the administrator invites them when they shall sign in.

    :raises NotYours, RoleDoesNotFit: nothing is kept
    """
    if actor is not None and actor.role != Role.PLATFORM_ADMIN:
        raise NotYours
    for place, house in enumerate(houses):
        if any(not lifecycle.fits(person.role, house.kind) for person in house.people):
            raise RoleDoesNotFit(field=f"houses.{place}.people")
    known = _known(houses)
    fresh = {house.credit_code: house for house in houses if house.credit_code not in known}
    made = Organisation.objects.bulk_create(_organisation(house) for house in fresh.values())
    known |= {one.credit_code: one for one in made}
    news = [_told(one, fresh[one.credit_code], actor) for one in made]
    news += _add_people(houses, known, actor)
    _add_aliases(houses, known)
    announce_each(news)
    return [known[house.credit_code] for house in houses]


def _known(houses: Sequence[NewHouse]) -> dict[str, Organisation]:
    """Return who is here already by the credit code asked for: found by that code, or by our own short one."""
    ours = [house.code for house in houses if house.code]
    found = list(Organisation.objects.filter(Q(credit_code__in=[house.credit_code for house in houses]) | Q(code__in=ours)))
    by_credit, by_ours = {one.credit_code: one for one in found}, {one.code: one for one in found}
    pairs = [(house.credit_code, by_credit.get(house.credit_code) or by_ours.get(house.code)) for house in houses]
    return {code: one for code, one in pairs if one}


def _organisation(house: NewHouse) -> Organisation:
    return Organisation(
        kind=house.kind,
        code=house.code or house.kind[:1].upper() + public_code(CODE_LENGTH),
        name=house.name,
        credit_code=house.credit_code,
        created_at=house.at,
    )


def _told(organisation: Organisation, house: NewHouse, actor: User | None) -> News:
    changes = first(organisation, "kind", "code", "name", "credit_code")
    return News("accounts.organisation.created", organisation, changes, at=house.at, actor=actor, reason=house.source)


def _add_people(houses: Sequence[NewHouse], known: dict[str, Organisation], actor: User | None) -> list[News]:
    wanted = {person.email.lower(): (house, person) for house in houses for person in house.people}
    there = set(User.objects.filter(email__in=wanted).values_list("email", flat=True))
    people, moments = [], []
    for email, (house, person) in wanted.items():
        if email in there:
            continue
        organisation = known[house.credit_code]
        one = User(
            organisation=organisation,
            organisation_kind=organisation.kind,
            role=person.role,
            name=person.name,
            email=email,
            is_active=False,
            created_at=house.at,
        )
        one.set_unusable_password()
        people.append(one)
        moments.append(house)
    made = User.objects.bulk_create(people)
    return [
        News("accounts.person.added", one, first(one, *PERSON_FIELDS), at=house.at, actor=actor, reason=house.source)
        for one, house in zip(made, moments, strict=True)
    ]


def _add_aliases(houses: Sequence[NewHouse], known: dict[str, Organisation]) -> None:
    aliases = [
        OrganisationAlias(
            organisation=known[house.credit_code],
            source=house.alias.source,
            code=house.alias.code,
            province=house.alias.province,
            city=house.alias.city,
            district=house.alias.district,
            created_at=house.at,
        )
        for house in houses
        if house.alias
    ]
    there = set(OrganisationAlias.objects.filter(code__in=[one.code for one in aliases]).values_list("source", "code"))
    OrganisationAlias.objects.bulk_create(one for one in aliases if (one.source, one.code) not in there)

"""The house and the merchants come in; every merchant accepts the agreement."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from assurance.accounts.actions.founding import Alias, NewHouse, NewPerson, found_all
from assurance.accounts.models import OrganisationAlias, User
from assurance.enrollment.actions import Accepting, Signing, accept_all
from assurance.enrollment.models import Acceptance
from assurance.enrollment.queries import agreement_in_force
from assurance.reference import LOADERS
from assurance.roles import Kind, Role
from demo.replay import cast
from demo.replay.cast import SOURCE
from demo.replay.plan import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from demo.replay.folder import Merchant
    from demo.replay.plan import Play

BEFORE: Final = timedelta(days=100)
"""How long before the first order everybody came."""


def founded_at(play: Play) -> datetime:
    return play.begins_at - BEFORE


def open_house(play: Play, _items: Sequence[Any]) -> None:
    """Load the reference data if nobody has, and let the people of the replay in."""
    for load in LOADERS.values():
        load(play.at)
    cast.let_in(founded_at=founded_at(play))


def let_merchants_in(play: Play, merchants: Sequence[Merchant]) -> None:
    """Bring the merchants in, each with one person who acts for it."""
    houses = [
        NewHouse(
            Kind.MERCHANT,
            merchant.name,
            merchant.credit_code,
            (NewPerson("店主", cast.owner_address(merchant.credit_code), Role.MERCHANT_OWNER),),
            founded_at(play),
            alias=Alias(SOURCE, merchant.code, merchant.province, merchant.city, merchant.district),
            source=SOURCE,
        )
        for merchant in merchants
    ]
    found_all(houses, actor=play.cast.admin)


def owners(codes: Iterable[str]) -> dict[str, User]:
    """Return the person who acts for each merchant, by the marketplace's code of it: two queries."""
    aliases = OrganisationAlias.objects.filter(source=SOURCE, code__in=set(codes)).select_related("organisation")
    by_code = {alias.code: alias.organisation for alias in aliases}
    addresses = [cast.owner_address(one.credit_code) for one in by_code.values()]
    people = {one.email: one for one in User.objects.filter(email__in=addresses).select_related("organisation")}
    return {code: people[cast.owner_address(one.credit_code)] for code, one in by_code.items()}


def accept(play: Play, merchants: Sequence[Merchant]) -> None:
    """Every merchant accepts the agreement in force, as the one who acts for it."""
    agreement = agreement_in_force()
    if agreement is None:
        return
    people = owners(merchant.code for merchant in merchants)
    there = set(Acceptance.objects.filter(agreement=agreement).values_list("merchant_id", flat=True))
    at = founded_at(play) + timedelta(days=1)
    waiting = [people[merchant.code] for merchant in merchants if people[merchant.code].organisation_id not in there]
    if waiting:
        accept_all([Accepting(Signing(agreement.sha256, owner.name), owner, at) for owner in waiting])


PEOPLE: Final = (
    Stage("house", _("The house"), lambda _play: [None], open_house),
    Stage("merchants", _("Merchants"), lambda play: list(play.folder.merchants.values()), let_merchants_in),
    Stage("agreements", _("Agreements accepted"), lambda play: list(play.folder.merchants.values()), accept),
)

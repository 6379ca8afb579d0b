"""What studios choose: lists, put on and taken off in sets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.catalog import queries
from assurance.catalog.models import CatalogEntry, Selection, SelectionList
from assurance.events.actions import announce
from assurance.events.changes import first
from assurance.gates.actions import hold_gates
from assurance.refusals import Refused, at_place
from assurance.web.database import explain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User

MOST_SELECTED: Final = 500
"""How many products one list holds."""


class CannotBeChosen(Refused):
    code = "cannot_be_chosen"
    message = _("%(product)s cannot be chosen: %(because)s")


class ListIsFull(Refused):
    code = "list_is_full"
    message = _("A list holds at most %(most)s products.")


class ListNameTaken(Refused):
    code = "already_exists"
    message = _("Your studio already has a list called %(name)s.")


explain("selection_list_name_once", code=ListNameTaken.code, message=_("Your studio already has a list of this name."), field="name")


@transaction.atomic
def make_list(*, name: str, actor: User, at: datetime) -> SelectionList:
    """Begin a list of the actor's studio.

    :raises ListNameTaken: if the studio has one of this name
    """
    if SelectionList.objects.filter(organisation_id=actor.organisation_id, name=name).exists():
        raise ListNameTaken(field="name", name=name)
    made = SelectionList.objects.create(organisation_id=actor.organisation_id, name=name, created_by=actor, created_at=at)
    announce("catalog.list.made", actor=actor, at=at, subject=made, changes=first(made, "name"))
    return made


@transaction.atomic
def add(*, list_id: int, entries: Sequence[CatalogEntry], actor: User, at: datetime) -> int:
    """Put products on a list, all or none; return how many are new to it. Constant queries.

    Nothing that is stopped, has no valid badge or no stock can be put there, and no stop slips in between.

    :raises CannotBeChosen: naming the first that cannot, and why
    :raises ListIsFull: beyond ``MOST_SELECTED``
    """
    selection_list = SelectionList.objects.select_for_update().get(pk=list_id)
    known = set(Selection.objects.filter(list=selection_list).values_list("entry_id", flat=True))
    new = [entry for entry in {entry.pk: entry for entry in entries}.values() if entry.pk not in known]
    if len(known) + len(new) > MOST_SELECTED:
        raise ListIsFull(most=MOST_SELECTED)
    hold_gates({entry.merchant_id for entry in new}, at=at)
    judged = queries.shown(new, at=at)
    for place, one in enumerate(judged):
        if not one.may_be_chosen:
            with at_place(place):
                raise CannotBeChosen(product=one.entry.shown_name, because=one.obstacle)
    Selection.objects.bulk_create(
        Selection(
            list=selection_list,
            organisation_id=selection_list.organisation_id,
            entry=one.entry,
            badge=one.found.badge if one.found else None,
            added_by=actor,
            added_at=at,
        )
        for one in judged
    )
    if new:
        changes = {"products": [None, [entry.product_id for entry in new]]}
        announce("catalog.list.added", actor=actor, at=at, subject=selection_list, changes=changes)
    return len(new)


@transaction.atomic
def remove(*, list_id: int, entry_ids: Sequence[int], actor: User, at: datetime) -> int:
    """Take products off a list; return how many stood there. What does not stand there is no mistake. Constant queries."""
    selection_list = SelectionList.objects.select_for_update().get(pk=list_id)
    there = Selection.objects.filter(list=selection_list, entry_id__in=entry_ids)
    products = list(there.order_by("id").values_list("entry__product_id", flat=True))
    there.delete()
    if products:
        announce("catalog.list.removed", actor=actor, at=at, subject=selection_list, changes={"products": [products, None]})
    return len(products)

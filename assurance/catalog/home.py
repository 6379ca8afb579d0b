"""What home pages show of the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext

from assurance.catalog import queries
from assurance.catalog.models import CatalogEntry, Selection
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

SHOWN = 6


@offers_steps
def steps(user: User, *, at: datetime) -> Iterator[Step]:
    """Offer a streamer what he chose and whose badge is no longer valid; without anything chosen, to look for something."""
    if user.role != Role.STREAMER:
        return
    chosen = Selection.objects.visible_to(user).select_related("entry", "list").order_by("-id")
    fallen = list(chosen.exclude(entry__in=CatalogEntry.objects.with_valid_badge(at))[:SHOWN])
    for selection in fallen:
        title = gettext("%(product)s has no valid badge now") % {"product": selection.entry.shown_name}
        detail = gettext("It stands on your list %(name)s.") % {"name": selection.list.name}
        yield Step(title, detail, reverse("catalog:show", args=[selection.entry_id]), gettext("Look"), "stop", "player-pause")
    if not fallen and not chosen.exists():
        detail = gettext("Search by category, price, commission and proof, and compare up to five.")
        yield Step(gettext("Choose your first product"), detail, reverse("catalog:search"), gettext("Search"), "run", "search")


@offers_panel({Role.STREAMER}, place=10, columns=8)
def strongest(user: User, *, at: datetime) -> Panel:
    """Show the products with the strongest proof that are in stock."""
    found = queries.find(user, queries.Wanted(in_stock=True, valid=True), at=at)[:SHOWN]
    return Panel(
        title=gettext("Strongest proof in stock"),
        template="catalog/_home_strongest.html",
        shown=list(found),
        url=reverse("catalog:search"),
        more=gettext("Catalogue"),
    )


@offers_panel({Role.STREAMER}, place=20, columns=4)
def my_lists(user: User, *, at: datetime) -> Panel:  # noqa: ARG001  the front door's signature
    """Show the studio's lists."""
    return Panel(
        title=gettext("Lists"),
        template="catalog/_home_lists.html",
        shown=list(queries.lists_of(user)[:SHOWN]),
        url=reverse("catalog:lists"),
        more=gettext("All lists"),
    )

"""Bring versions of the prices in; a new one ends what it follows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assurance.events.actions import announce_all
from assurance.events.changes import change, first
from assurance.fees.models import FeeKind, Rate, RateCard, RatingDue
from assurance.fees.rating import Method
from assurance.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from django.db.models import Model

    from assurance.events.changes import Changes


class CardTooEarly(Refused):
    code = "card_too_early"
    message = _("A new rate card must begin after the one of %(from_date)s.")


class CardDiffers(Refused):
    code = "card_differs"
    message = _("Rate card %(version)s is there already and says something else. A change is a new version.")


@transaction.atomic
def load_rate_cards(*, cards: Iterable[Mapping[str, Any]], at: datetime) -> int:
    """Bring rate cards into the database, the earliest first, and return how many were new.

    What could not be priced for want of a rate is tried again by the next turn.

    :raises CardTooEarly: if one does not begin after all that are there
    :raises CardDiffers: if a version is known with other prices; the past never moves
    """
    new = [card for card in sorted(cards, key=lambda card: str(card["from_date"])) if not _is_known(card)]
    for card in new:
        _load(card, at=at)
    if new:
        RatingDue.objects.stuck().update(because="", tried_at=None)
    return len(new)


def _is_known(told: Mapping[str, Any]) -> bool:
    card = RateCard.objects.filter(version=told["version"]).first()
    if card is None:
        return False
    kept = {rate.kind: (rate.method, rate.terms) for rate in card.rates.all()}
    wanted = {rate["kind"]: (rate["method"], rate["terms"]) for rate in told["rates"]}
    if kept != wanted or card.from_date.isoformat() != told["from_date"]:
        raise CardDiffers(version=card.version)
    return True


def _load(told: Mapping[str, Any], *, at: datetime) -> None:
    begins = date.fromisoformat(told["from_date"])
    newest = RateCard.objects.order_by("-from_date").first()
    if newest and begins <= newest.from_date:
        raise CardTooEarly(from_date=newest.from_date.isoformat())
    card = RateCard.objects.create(
        from_date=begins,
        loaded_at=at,
        **{name: told[name] for name in ("version", "title_zh", "title_en", "note_zh", "note_en", "is_example")},
    )
    news: list[tuple[str, Model, Changes, dict[str, int]]] = [
        ("fees.ratecard.loaded", card, first(card, "version", "from_date", "is_example"), {})
    ]
    for rate in Rate.objects.select_for_update().filter(until_date=None, kind__in=[one["kind"] for one in told["rates"]]).order_by("id"):
        changes = change(rate, until_date=begins)
        rate.save(update_fields=["until_date"])
        news.append(("fees.rate.ended", rate, changes, {}))
    Rate.objects.bulk_create(
        Rate(card=card, kind=FeeKind(one["kind"]), method=Method(one["method"]), terms=one["terms"], from_date=begins)
        for one in told["rates"]
    )
    announce_all(news, actor=None, at=at)

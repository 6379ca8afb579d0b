"""What was metered gets its price, months are closed; and what buyers said is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from aftersales.reviews.actions import Written, keep_reviews
from assurance.accounts.models import OrganisationAlias
from assurance.fees.actions import finalise, rate_due
from assurance.fees.lifecycle import StatementState
from assurance.fees.models import Statement
from assurance.fees.months import month_of
from demo.replay.cast import SOURCE
from demo.replay.plan import Stage
from warehouse.orders.models import Order as OurOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from demo.replay.folder import Review
    from demo.replay.plan import Play

RATED_AT_ONCE: Final = 2000
CLOSED_AT_ONCE: Final = 500


def rate(play: Play, _items: Sequence[Any]) -> None:
    """Rate everything that waits for its price."""
    while True:
        rated = rate_due(limit=RATED_AT_ONCE, at=play.at)
        if rated.rated + rated.unrated == 0:
            return


def close(play: Play, _items: Sequence[Any]) -> None:
    """Close every month that is over, of the replay's merchants."""
    merchants = OrganisationAlias.objects.filter(source=SOURCE).values("organisation_id")
    drafts = Statement.objects.filter(merchant__in=merchants, state=StatementState.DRAFT, month__lt=month_of(play.at))
    finance = play.cast.finance
    while found := list(drafts.order_by("month", "pk")[:CLOSED_AT_ONCE]):
        finalise(found, actor=finance, at=play.at)


def keep(play: Play, reviews: Sequence[Review]) -> None:
    """Keep the reviews."""
    found = OurOrder.objects.filter(source=SOURCE, number__in={review.order_no for review in reviews})
    orders = dict(found.values_list("number", "pk"))
    items = [Written(orders[one.order_no], SOURCE, one.score, one.title, one.text, one.created_at, one.answered_at) for one in reviews]
    keep_reviews(items, actor=play.cast.admin, at=play.at)


MONEY: Final = (
    Stage("rated", _("Operations rated"), lambda _play: [None], rate),
    Stage("statements", _("Statements"), lambda _play: [None], close),
    Stage("said", _("Reviews"), lambda play: play.folder.reviews, keep),
)

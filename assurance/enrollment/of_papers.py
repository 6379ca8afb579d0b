"""What a merchant's papers and his entry have against submitting a product, and against approving it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.calendar import SHANGHAI
from assurance.enrollment.hurdles import doubts, hurdle
from assurance.products.queries import Lack
from assurance.qualification.actions import admit_with_enrolments, begin_all
from assurance.qualification.queries import blocks, blocks_of, gaps_of, paper_kind, rules_at
from assurance.refusals import Refused, at_place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.enrollment.actions.merchant import Submission
    from assurance.enrollment.models import Enrolment
    from assurance.products.models import Product
    from assurance.qualification.queries import Block


class Blocked(Refused):
    code = "blocked"
    message = _("This cannot be approved now. %(because)s")


@hurdle
def of_papers(products: Sequence[Product], at: datetime) -> dict[int, list[Lack]]:
    """Papers that ended, papers that the rules demand, and a clear-out: each at the field ``papers.<kind>`` or ``entry``."""
    day = at.astimezone(SHANGHAI).date()
    found = {product_id: [_lack(block) for block in there] for product_id, there in blocks_of(products, day).items()}
    rules = rules_at(day)
    terms = rules.read() if rules else None
    if terms is None or not terms.papers_block:
        return found
    for product_id, kinds in gaps_of(products, terms, day).items():
        known = {lack.field for lack in found.get(product_id, [])}
        missing = [kind for kind in kinds if f"papers.{kind}" not in known]
        found.setdefault(product_id, []).extend(
            Lack(f"papers.{kind}", "paper_missing", paper_kind(kind), gettext("Enter it under “Papers”; it must be verified first."))
            for kind in missing
        )
    return found


def begin_entries(submissions: Sequence[Submission], enrolments: Sequence[Enrolment]) -> None:
    """Let merchants that submit for the first time apply with it."""
    wanted: dict[int, tuple[User, datetime]] = {}
    for one, enrolment in zip(submissions, enrolments, strict=True):
        wanted.setdefault(enrolment.merchant_id, (one.actor, one.at))
    begin_all(wanted)


def admit_merchants(enrolments: Sequence[Enrolment], moments: Sequence[datetime], *, actor: User) -> None:
    """Let the merchants of approved enrolments take part; refuse what is blocked.

    :raises Blocked, EntryFailed: of the first that is refused
    """
    if not enrolments:
        return
    stopped = blocks({one.merchant_id for one in enrolments}, max(moments).astimezone(SHANGHAI).date())
    for place, one in enumerate(enrolments):
        with at_place(place):
            refuse_blocked(one.product, stopped[one.merchant_id])
    admit_with_enrolments([(one.merchant_id, one.number, at) for one, at in zip(enrolments, moments, strict=True)], actor=actor)


def refuse_doubtful(enrolments: Sequence[Enrolment], at: datetime) -> None:
    """Refuse to let products in whose claims or certificates do not hold at that moment.

    :raises Blocked: of the first, naming everything
    """
    found = doubts([one.product for one in enrolments], at=at)
    for place, one in enumerate(enrolments):
        if lacks := found.get(one.product_id):
            with at_place(place):
                raise Blocked(because=" ".join(gettext("%(what)s: %(words)s") % {"what": one.label, "words": one.words} for one in lacks))


def refuse_blocked(product: Product, blocks: Sequence[Block]) -> None:
    """Refuse to let a product in that something blocks; ``blocks`` are those of its merchant.

    :raises Blocked: with the reason and until when it holds
    """
    because = next((block.words for block in blocks if block.covers(product.pk)), "")
    if because:
        raise Blocked(because=because)


def _lack(block: Block) -> Lack:
    kind = block.code.removeprefix("paper_") if block.code.startswith("paper_") else ""
    field, label = (f"papers.{kind}", paper_kind(kind)) if kind else ("entry", gettext("Taking part"))
    return Lack(field, block.code, label, block.words)

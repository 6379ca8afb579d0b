"""What home pages show of fees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext

from assurance.fees import queries
from assurance.fees.lifecycle import StatementState
from assurance.fees.models import Dispute, RatingDue, Statement
from assurance.fees.months import month_of
from assurance.home import Panel, Step, offers_panel, offers_steps
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from assurance.accounts.models import User

BOOKS: Final = (Role.FINANCE,)
SHOWN: Final = 6
STEPS_SHOWN: Final = 4


@offers_panel(MERCHANT, place=60, columns=8)
def this_month(user: User, *, at: datetime) -> Panel:
    """Show a merchant what his month comes to so far, and his last statements. Two queries."""
    month = month_of(at)
    found = list(queries.find(user)[:SHOWN])
    now = next((one for one in found if one.month == month), None)
    return Panel(
        title=gettext("Fees"),
        template="fees/_home_month.html",
        shown={"month": month, "now": now, "statements": found},
        url=reverse("fees:preview"),
        more=gettext("This month so far"),
    )


@offers_panel(BOOKS, place=10, columns=4)
def books(user: User, *, at: datetime) -> Panel:
    """Show finance how the books stand. Two queries."""
    waiting = RatingDue.objects.visible_to(user)
    due = waiting.aggregate(waiting=Count("pk"), stuck=Count("pk", filter=~Q(because="")))
    answers = Dispute.objects.visible_to(user).open()
    disputes = answers.aggregate(open=Count("pk"), late=Count("pk", filter=Q(due_at__lt=at)))
    return Panel(
        title=gettext("The books in figures"),
        template="fees/_home_books.html",
        shown={**due, **disputes},
        url=reverse("fees:list"),
        more=gettext("All statements"),
    )


@offers_panel(BOOKS, place=20, columns=12)
def to_decide(user: User, *, at: datetime) -> Panel:
    """Show what merchants say is wrong, the earliest due first. One query."""
    return Panel(
        title=gettext("Disputes to answer"),
        template="fees/_home_disputes.html",
        shown={"disputes": list(queries.find_disputes(user, state="open")[:SHOWN]), "now": at},
        url=reverse("fees:disputes"),
        more=gettext("All disputes"),
    )


@offers_panel(BOOKS, place=30, columns=12)
def open_months(user: User, *, at: datetime) -> Panel:
    """Show what was charged month by month and how much of it is closed. One query."""
    months = Statement.objects.visible_to(user).order_by().values("month")
    drafts, finals = (Count("pk", filter=Q(state=state)) for state in StatementState)
    rows = months.annotate(drafts=drafts, finals=finals, closed=Sum("total")).order_by("-month")
    return Panel(title=gettext("Months"), template="fees/_home_months.html", shown={"months": list(rows[:SHOWN]), "this": month_of(at)})


@offers_steps
def answer_disputes(user: User, *, at: datetime) -> Iterator[Step]:
    """Offer finance the disputes that wait, what has no price, and the months that may be closed. Three queries."""
    if user.role not in BOOKS:
        return
    for one in queries.find_disputes(user, state="open")[:STEPS_SHOWN]:
        yield Step(
            title=gettext("Answer %(dispute)s") % {"dispute": one.code},
            detail=f"{one.merchant.name} · {one.line.get_kind_display()} · ¥{one.line.amount:,.2f}",
            url=reverse("fees:dispute", args=[one.pk]),
            verb=gettext("Decide"),
            tone="hold",
            icon="message-exclamation",
            due_at=one.due_at,
        )
    stuck = RatingDue.objects.visible_to(user).stuck().count()
    if stuck:
        yield Step(
            title=gettext("Operations without a price: %(count)s") % {"count": f"{stuck:,}"},
            detail=gettext("Add the missing rate, then start a fee run."),
            url=reverse("fees:unrated"),
            verb=gettext("Look"),
            tone="fail",
            icon="receipt-off",
        )
    closable = Statement.objects.visible_to(user).filter(state=StatementState.DRAFT, month__lt=month_of(at))
    oldest = closable.order_by("month").values_list("month", flat=True).first()
    if oldest:
        yield Step(
            title=gettext("Close %(month)s") % {"month": f"{oldest:%Y-%m}"},
            detail=gettext("The month is over and statements of it are open."),
            url=f"{reverse('fees:list')}?state=draft&month={oldest:%Y-%m}",
            verb=gettext("Close"),
            tone="run",
            icon="lock",
        )

"""What pages ask about enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from assurance.codes import document_number
from assurance.enrollment import snapshot
from assurance.enrollment.history import HISTORY
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import REASON_CODES, Acceptance, Agreement, Enrolment, ReviewReason
from assurance.events.models import Event
from assurance.files.models import StoredFile
from assurance.home import Step, offers_steps
from assurance.products import attributes
from assurance.products.models import Category
from assurance.products.queries import label
from assurance.products.wording import FIELDS
from assurance.roles import MERCHANT, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from assurance.accounts.models import User
    from assurance.enrollment.models import EnrolmentQuerySet

MARKS: dict[str, tuple[str, str, str]] = {
    EnrolmentState.DRAFT: ("now", "todo", "todo"),
    EnrolmentState.SUBMITTED: ("done", "now", "todo"),
    EnrolmentState.NEEDS_CHANGES: ("done", "back", "todo"),
    EnrolmentState.APPROVED: ("done", "done", "done"),
    EnrolmentState.REJECTED: ("done", "back", "todo"),
    EnrolmentState.WITHDRAWN: ("todo", "todo", "todo"),
    EnrolmentState.EXPIRED: ("done", "done", "todo"),
}
"""How far each state is on the way: details, review, enrolled."""


@dataclass(frozen=True)
class Waypoint:
    """One step on the way."""

    label: str
    mark: str


@dataclass(frozen=True)
class Entry:
    """One line of a history."""

    at: datetime
    title: str
    kind: str
    tone: str
    text: str


@dataclass(frozen=True)
class Line:
    """One field as it was submitted, with what was said of it."""

    field: str
    label: str
    value: str
    reasons: tuple[ReviewReason, ...] = ()


def agreement_in_force() -> Agreement | None:
    """Return the version that a merchant must have accepted before anything of his is reviewed."""
    return Agreement.objects.order_by("-version").first()


def acceptance_of(merchant_id: int) -> Acceptance | None:
    """Return that the merchant accepted the version in force, if he did. Two queries."""
    return acceptances_of({merchant_id}).get(merchant_id)


def acceptances_of(merchant_ids: Collection[int]) -> dict[int, Acceptance]:
    """Return who of these merchants accepted the version in force. Two queries."""
    agreement = agreement_in_force()
    return (
        {one.merchant_id: one for one in Acceptance.objects.filter(merchant_id__in=merchant_ids, agreement=agreement)} if agreement else {}
    )


def waypoints(enrolment: Enrolment) -> list[Waypoint]:
    """Return the way of an enrolment and how far it is."""
    labels = (gettext("Details"), gettext("Review"), gettext("Enrolled"))
    return [Waypoint(*pair) for pair in zip(labels, MARKS[enrolment.state], strict=True)]


def find(user: User, *, state: str = "", q: str = "") -> EnrolmentQuerySet:
    """Return the enrolments the user may see, newest first."""
    found = Enrolment.objects.visible_to(user).select_related("product__category", "merchant")
    if state:
        found = found.filter(state=state)
    return (found.filter(product__name__icontains=q) if q else found).order_by("-id")


def queue(user: User, *, tab: str = "waiting") -> EnrolmentQuerySet:
    """Return what a reviewer chooses from: by due time what waits (``waiting``, ``mine``), by decision what was ``decided``."""
    found = Enrolment.objects.visible_to(user).select_related("product__category", "merchant", "claimed_by", "decided_by")
    if tab == "decided":
        over = (EnrolmentState.APPROVED, EnrolmentState.REJECTED, EnrolmentState.EXPIRED)
        return found.filter(state__in=over, decided_at__isnull=False).order_by("-decided_at", "-id")
    waiting = found.waiting_for_review().order_by("due_at", "id")
    return waiting.filter(claimed_by_id=user.pk) if tab == "mine" else waiting


def history(enrolment: Enrolment) -> list[Entry]:
    """Return what happened, newest first; who reviews stays unnamed."""
    events = Event.objects.about(enrolment).filter(kind__in=HISTORY).order_by("-id")
    told = ((HISTORY[event.kind], event) for event in events)
    return [Entry(event.at, str(happened.title), str(happened.side), happened.tone, _told(event)) for happened, event in told]


def lines(enrolment: Enrolment) -> list[Line]:
    """Return every field that was submitted, in words, with the reasons that stand against it now."""
    fields: dict[str, str] = enrolment.snapshot.get("fields", {})
    category = Category.objects.filter(code=fields.get("category", "")).first() or enrolment.product.category
    against: dict[str, list[ReviewReason]] = {}
    for reason in enrolment.reasons.unsettled().order_by("id"):
        against.setdefault(reason.field, []).append(reason)
    written = in_words(fields, category)
    return [
        Line(name, named(name, category), written.get(name, ""), tuple(against.get(name, ())))
        for name in _in_order(snapshot.names(enrolment.snapshot), category)
        if name not in snapshot.FILLED_AT_NEED or written.get(name) or name in against
    ]


def named(field: str, category: Category) -> str:
    """Return what a field of a submission is called; a claim by its number."""
    claim = snapshot.claim_of(field)
    return label(field, category) if claim is None else gettext("Claim %(code)s") % {"code": document_number("C", claim)}


def objected_claims(enrolment: Enrolment) -> list[tuple[str, str, list[str]]]:
    """Return the claims that something stands against now: what each is called, where it is kept, and the sentences."""
    found = []
    for field, sentences in reasons_by_field(enrolment).items():
        if claim := snapshot.claim_of(field):
            words = enrolment.snapshot["fields"].get(field, "")
            name = gettext("%(claim)s “%(words)s”") % {"claim": named(field, enrolment.product.category), "words": words}
            found.append((name, reverse("claims:show", args=[claim]), sentences))
    return found


def picture_of(enrolment: Enrolment) -> StoredFile | None:
    """Return the picture as it was submitted."""
    file = enrolment.snapshot.get("files", {}).get("picture")
    return StoredFile.objects.filter(pk=file["id"]).first() if file else None


def reasons_by_field(enrolment: Enrolment) -> dict[str, list[str]]:
    """Return the sentences that stand against each field now, for a form."""
    found: dict[str, list[str]] = {}
    for reason in enrolment.reasons.unsettled().order_by("id"):
        found.setdefault(reason.field, []).append(reason_in_words(reason))
    return found


def reason_in_words(reason: ReviewReason) -> str:
    name = str(REASON_CODES[reason.code])
    return gettext("%(reason)s: %(words)s") % {"reason": name, "words": reason.words} if reason.words else name


@offers_steps
def next_steps(user: User, *, at: datetime) -> Iterator[Step]:
    """Offer what an enrolment asks of this person: to change, to finish, to review."""
    if user.role in MERCHANT:
        yield from _steps_of_merchant(user)
    elif user.role == Role.ENROLMENT_REVIEWER:
        yield from _steps_of_reviewer(user, at=at)


def _steps_of_merchant(user: User) -> Iterable[Step]:
    open_ones = find(user).filter(state__in=(EnrolmentState.DRAFT, EnrolmentState.NEEDS_CHANGES)).prefetch_related("reasons")
    for enrolment in open_ones[:6]:
        name, url = enrolment.product.shown_name, reverse("enrollment:edit", args=[enrolment.pk])
        if enrolment.state == EnrolmentState.DRAFT:
            title = gettext("Finish the enrolment of %(product)s") % {"product": name}
            yield Step(title, gettext("Goods can come only when it is approved."), url, gettext("Go on"), "wait", "pencil")
            continue
        count = sum(reason.settled_at is None for reason in enrolment.reasons.all())
        title = ngettext("%(product)s was returned, %(n)s point to change", "%(product)s was returned, %(n)s points to change", count)
        detail = gettext("Each stands beside its field.")
        yield Step(title % {"product": name, "n": count}, detail, url, gettext("Edit"), "hold", "arrow-back-up")


def _steps_of_reviewer(user: User, *, at: datetime) -> Iterable[Step]:
    for enrolment in queue(user).filter(Q(claimed_by=None) | Q(claimed_by_id=user.pk))[:6]:
        yield _step_of_case(enrolment, user, at)


def _step_of_case(enrolment: Enrolment, user: User, at: datetime) -> Step:
    is_mine = enrolment.claimed_by_id == user.pk
    is_late = enrolment.due_at is not None and enrolment.due_at < at
    title = gettext("Review %(product)s") % {"product": enrolment.product.shown_name}
    verb = gettext("Go on") if is_mine else gettext("Open")
    url = reverse("enrollment:review", args=[enrolment.pk])
    return Step(title, enrolment.merchant.name, url, verb, "fail" if is_late else "run", "clipboard-check", enrolment.due_at)


def _told(event: Event) -> str:
    given = event.changes.get("reasons", [None, None])[1]
    if given:
        return ngettext("%(n)s point to change", "%(n)s points to change", len(given)) % {"n": len(given)}
    return event.reason


def _in_order(names: list[str], category: Category) -> list[str]:
    """Return fields in the order of the form, the category's own after the common ones, documents last."""
    asked = [f"attributes.{one.key}" for one in attributes.read(category.required_attributes)]
    order = [*(name for name in FIELDS if name not in snapshot.FILES), *asked]
    return sorted(names, key=lambda name: order.index(name) if name in order else len(order))


def in_words(fields: dict[str, Any], category: Category) -> dict[str, str]:
    """Return values as people read them: the category and choices by name, numbers with their unit."""
    language = get_language() or ""
    asked = {f"attributes.{one.key}": one for one in attributes.read(category.required_attributes)}
    written = {name: asked[name].written(value, language) if name in asked else value for name, value in fields.items()}
    shown = {"category": category.name, "price": f"¥{fields.get('price', '')}"}
    return written | {name: words for name, words in shown.items() if name in fields}

"""Examples for cases, buyers' requests, rules and diagnoses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from aftersales.cases import actions
from aftersales.cases.actions import Finished
from aftersales.cases.models import Inquiry
from assurance.roles import Role
from tests import cases, goods
from tests.factories import NOON
from tests.hostile.examples.example import Example, number, somebody

if TYPE_CHECKING:
    from aftersales.cases.models import Case
    from assurance.accounts.models import User


def about_a_lot(kind: str = "quality") -> tuple[User, Case]:
    """Return a merchant and a new case about a lot of his."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    lot = goods.lot(amal, wei, lot=f"HJ{number()}")
    wanted = actions.NewCase(kind, "agent", "warehouse.lot", lot.pk, summary="It leaks.")
    case = actions.open_cases([wanted], actor=None, at=NOON)[0]
    assert case is not None
    return amal, case


def open_case() -> Example:
    amal, case = about_a_lot()
    return Example(amal, {"number": case.about, "kind": "quality", "summary": "Smells of glue"}, status=201)


def new(role: Role | None = None, **body: Any) -> Example:
    """Return a new case, and its merchant or somebody of this role."""
    amal, case = about_a_lot()
    return Example(somebody(role) if role else amal, body, path={"pk": case.pk})


def taken(**body: Any) -> tuple[Example, Case]:
    agent = somebody(Role.CASE_AGENT)
    _amal, case = about_a_lot()
    actions.claim([case.pk], actor=agent, at=NOON)
    return Example(agent, body, path={"pk": case.pk}), case


def waiting() -> Example:
    found, case = taken()
    cases.asked(case, found.user)
    return found


def proposal() -> Example:
    found, case = taken()
    body = {
        "liability": "courier",
        "is_confirmed": True,
        "outcome": "refund",
        "amount": "59.90",
        "evidence": [case.links.order_by("pk")[0].pk],
        "reason": "Crushed on the way.",
        "stops_lot": False,
    }
    return Example(found.user, body, path=found.path)


def proposed(**body: Any) -> Example:
    found, case = taken()
    cases.proposed(case, found.user)
    return Example(somebody(Role.CASE_REVIEWER), body, path=found.path)


def decided() -> tuple[Example, Case]:
    found, case = taken()
    cases.decided(case, found.user, somebody(Role.CASE_REVIEWER))
    return found, case


def appeal() -> Example:
    found, case = decided()
    merchant = case.merchant.people.order_by("pk")[0]
    return Example(merchant, {"reason": "It was whole."}, path=found.path)


def finish() -> Example:
    found, case = decided()
    return Example(found.user, {"remedy": case.remedies.get().pk, "reference": "RF-1"}, path=found.path)


def close(*, reopening: bool = False) -> Example:
    found, case = decided()
    actions.finish_remedies([Finished(case.remedies.get().pk, "RF-1")], actor=found.user, at=NOON)
    if not reopening:
        return found
    actions.close([case.pk], actor=found.user, at=NOON)
    return Example(found.user, {"reason": "A film came."}, path=found.path)


def ask() -> Example:
    body = {"order_number": f"DY{number()}", "phone_tail": "5678", "kind": "damaged", "body": "It leaks."}
    return Example(somebody(Role.STREAMER), body, status=201)


def followed(*, ending: str = "") -> tuple[str, Case]:
    """Return the secret of a buyer whose request became a case, taken up and brought as far as asked."""
    amal, wei = somebody(Role.MERCHANT_OWNER), somebody(Role.WAREHOUSE_OPERATOR)
    order = cases.sent(amal, wei).order
    token = actions.ask(order_number=order.number, phone_tail=cases.TAIL, kind="damaged", body="It leaks.", at=NOON)
    case = actions.judge_inquiry(inquiry_id=Inquiry.objects.get(token_digest=actions.digest_of(token)).pk, at=NOON)
    assert case is not None
    agent, now = somebody(Role.CASE_AGENT), timezone.now()
    actions.claim([case.pk], actor=agent, at=now)
    if ending:
        proposal = cases.proposal(case, outcome="none", amount=None)
        decision = actions.propose([proposal], actor=agent, at=now)[0]
        actions.decide([decision.pk], actor=somebody(Role.CASE_REVIEWER), at=now)
    if ending == "closed":
        actions.close([case.pk], actor=agent, at=now)
    return token, case


def buyer(ending: str = "", **body: Any) -> Example:
    """Return what a buyer sends; the corpus signs somebody in, who is nobody to it."""
    return Example(somebody(Role.STREAMER), body, path={"token": followed(ending=ending)[0]})


EXAMPLES: dict[str, Callable[[], Example]] = {
    "POST api:case-list": open_case,
    "GET api:case-detail": new,
    "POST api:case-claim": lambda: new(Role.CASE_AGENT),
    "POST api:case-give-back": lambda: taken()[0],
    "POST api:case-pace": lambda: taken(policy="urgent")[0],
    "POST api:case-write": lambda: taken(body="Which batch?", to_buyer=False, to_merchant=True, waits_for="merchant")[0],
    "POST api:case-answer": lambda: new(body="HJ261105B"),
    "POST api:case-go-on": waiting,
    "POST api:case-propose": proposal,
    "POST api:case-decide": proposed,
    "POST api:case-send-back": lambda: proposed(reason="Say which photograph."),
    "POST api:case-appeal": appeal,
    "POST api:case-finish": finish,
    "POST api:case-close": close,
    "POST api:case-reopen": lambda: close(reopening=True),
    "POST api:inquiry-list": ask,
    "GET api:inquiry-detail": buyer,
    "POST api:inquiry-answer": lambda: buyer(body="Here is the picture."),
    "POST api:inquiry-appeal": lambda: buyer("decided", reason="It leaked before I opened it."),
    "POST api:inquiry-rate": lambda: buyer("closed", score=4, comment="Quick."),
    "POST api:rule-switch": lambda: Example(
        somebody(Role.PLATFORM_ADMIN), {"is_on": False, "reason": "Too often wrong"}, path={"rule": "silent_parcel"}
    ),
    "GET api:diagnosis-detail": lambda: new(Role.CASE_AGENT),
}

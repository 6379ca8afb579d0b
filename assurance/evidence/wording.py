"""What an entry of the evidence says, in words that anybody may read: on public pages, on products and on lots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import get_language, gettext

from assurance.sentences import retold
from assurance.templatetags.ui import day, number

Says = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """One entry in words, with the tone it is drawn in."""

    title: str
    text: str = ""
    tone: str = "run"


def told(kind: str, says: Says) -> Told:
    """Return an entry in the language that is active now.

    :raises KeyError: for a kind without words; ``tests/assurance/evidence`` finds it before a reader does
    """
    return WORDS[kind](says)


def is_daily(says: Says) -> bool:
    """Say whether an entry sums up a day: there are many of them, and no decision is in them."""
    return "day" in says


def _verdict(says: Says) -> Told:
    counts = {"inspected": number(says["inspected"]), "defective": number(says["defective"])}
    text = gettext("%(inspected)s units inspected at random, %(defective)s with a defect.") % counts
    if says.get("verdict", "accept") == "accept":
        return Told(gettext("Inbound inspection: accepted"), text, "pass")
    return Told(gettext("Inbound inspection: not accepted"), text, "fail")


def _checks(says: Says) -> Told:
    counts = {"checks": number(says["checks"]), "failed": number(says["failed"])}
    text = gettext("%(checks)s parcels checked before sending, %(failed)s held back.") % counts
    return Told(gettext("Outbound checks of %(day)s") % {"day": day(date.fromisoformat(says["day"]))}, text, "pass")


def _disposed(says: Says) -> Told:
    """What became of units of a lot that failed."""
    counts = {"n": number(says["quantity"]), "bad": number(says["sorted_out"])}
    title, tone = {
        "sort": (gettext("Every unit of a failed lot was looked at"), "pass"),
        "rework": (gettext("Failed goods were reworked and are inspected again"), "run"),
        "relabel": (gettext("Failed goods were relabelled and are inspected again"), "run"),
        "use_as_is": (gettext("A concession let failed goods be used as they are"), "hold"),
        "return_to_merchant": (gettext("Failed goods went back to the merchant"), "gone"),
        "downgrade": (gettext("Failed goods left the programme as second choice"), "gone"),
        "destroy": (gettext("Failed goods were destroyed before a witness"), "fail"),
    }[says["kind"]]
    text = gettext("%(n)s units in order, %(bad)s not.") if says["kind"] == "sort" else gettext("%(n)s units.")
    return Told(title, text % counts, tone)


def _graded(says: Says) -> Told:
    tone = {"a": "pass", "b": "wait", "c": "hold"}.get(says["grade"], "fail")
    return Told(gettext("A returned unit was graded %(grade)s") % {"grade": says["grade"].upper()}, tone=tone)


def _lab_result(says: Says) -> Told:
    """What a laboratory found: the verdict, and the tests that are the cause of a bad one."""
    title = {
        "pass": gettext("Laboratory: passed"),
        "warning": gettext("Laboratory: passed, close to a limit"),
        "fail": gettext("Laboratory: failed"),
    }[says["verdict"]]
    name = "en" if (get_language() or "").startswith("en") else "zh"
    causes = [f"{one[name]} {one['reported']} ({one['limit']})" for one in says["tests"] if one["verdict"] == says["verdict"] != "pass"]
    counted = gettext("%(n)s tests by %(mark)s methods.") % {"n": number(len(says["tests"])), "mark": _marks(says["tests"])}
    return Told(title, " ".join([counted, *causes]), {"pass": "pass", "warning": "hold", "fail": "fail"}[says["verdict"]])


def _marks(tests: Sequence[Says]) -> str:
    return " / ".join(sorted({one["mark"] for one in tests if one["mark"]})) or "–"


def _cleared(says: Says) -> str:
    back = str(says["return_date"])
    until = gettext("An application is possible from %(day)s.") % {"day": back} if back else gettext("There is no return.")
    return f"{says['reason']} {until}"


def _until(title: str, says: Says, tone: str) -> Told:
    until = says.get("valid_until")
    text = gettext("Holds until %(day)s.") % {"day": day(datetime.fromisoformat(until))} if until else ""
    return Told(title, text, tone)


def _claim(says: Says) -> Told:
    """What became of a claim; its own words are quoted."""
    title = {
        "lab_verified": gettext("A claim was verified by a laboratory"),
        "refuted": gettext("A claim was refuted"),
        "expired": gettext("The proof of a claim ended"),
    }.get(says["status"], gettext("A claim stands otherwise"))
    tone = {"lab_verified": "pass", "refuted": "fail", "expired": "gone"}.get(says["status"], "run")
    return Told(title, gettext("“%(text)s”") % {"text": says["text"]}, tone)


def _certificate(title: str, says: Says, tone: str) -> Told:
    expires = says.get("expires")
    until = gettext("Holds until %(day)s.") % {"day": day(date.fromisoformat(expires))} if expires and tone == "pass" else ""
    return Told(title, " ".join(filter(None, [f"{says['number']} · {says['issuer']}", until])), tone)


WORDS: Final[Mapping[str, Callable[[Says], Told]]] = {
    "case_confirmed": lambda says: Told(gettext("A complaint was confirmed"), str(says.get("case", "")), "fail"),
    "claim_status": _claim,
    "certificate_verified": lambda says: _certificate(gettext("Certificate verified"), says, "pass"),
    "certificate_suspended": lambda says: _certificate(gettext("Certificate suspended"), says, "stop"),
    "certificate_withdrawn": lambda says: _certificate(gettext("Certificate withdrawn"), says, "fail"),
    "inspection_verdict": _verdict,
    "lab_publication": _lab_result,
    "lab_draw_committed": lambda says: Told(gettext("A draw of lots was committed to"), str(says["commitment"])),
    "lab_draw_made": lambda says: Told(gettext("Lots were drawn"), str(says["seed"])),
    "chains_anchored": lambda says: Told(
        gettext("The chains of %(n)s products were anchored") % {"n": number(says["products"])},
        gettext("Fingerprint of all of them: %(root)s…") % {"root": says["root"][:16]},
    ),
    "deliveries": lambda says: Told(
        gettext("Deliveries of %(day)s: %(n)s") % {"day": day(date.fromisoformat(says["day"])), "n": number(says["deliveries"])},
        gettext("Fingerprint of all of them: %(root)s…") % {"root": says["root"][:16]},
        "pass",
    ),
    "goods_disposed": _disposed,
    "outbound_checks": _checks,
    "return_graded": _graded,
    "badge_issued": lambda says: _until(gettext("Badge issued"), says, "run"),
    "badge_superseded": lambda says: Told(gettext("The lot got a new code"), str(says.get("reason", "")), "gone"),
    "badge_tagged": lambda says: Told(gettext("The product carries the badge"), tone="pass"),  # noqa: ARG005
    "badge_untagged": lambda says: Told(gettext("The product lost its badge"), " ".join(retold(one) for one in says["because"]), "stop"),
    "badge_revoked": lambda says: Told(gettext("Badge revoked"), str(says.get("reason", "")), "fail"),
    "merchant_admitted": lambda says: Told(gettext("The merchant takes part"), retold(str(says.get("words", ""))), "pass"),
    "merchant_cleared_out": lambda says: Told(gettext("Cleared out of the programme"), _cleared(says), "stop"),
    "enrolment_approved": lambda says: _until(gettext("Product reviewed and enrolled"), says, "pass"),
    "enrolment_withdrawn": lambda says: Told(gettext("The merchant took the product back"), tone="gone"),  # noqa: ARG005
    "enrolment_expired": lambda says: Told(gettext("The enrolment ran out"), tone="gone"),  # noqa: ARG005
}
"""Kind → words. Whoever records a new kind writes its words here."""

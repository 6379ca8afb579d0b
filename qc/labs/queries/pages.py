"""What the pages of samples and rounds show, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assurance.roles import Kind, Role
from qc.labs.drawing import Candidate, draw
from qc.labs.lifecycle import AT_LAB, IN_HOUSE, SEEN_BY_LAB, SampleState
from qc.labs.models import DrawCandidate, DrawRound, LabResult, Sample, SampleHandover, SampleTest
from qc.labs.queries.labs import Market
from qc.labs.retesting import RULES
from qc.labs.weighing import REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from assurance.accounts.models import User
    from qc.labs.choosing import Opinion
    from qc.labs.models.samples import SampleQuerySet

SCOPES: Final = {"todo": _("To do"), "late": _("Due soon or late"), "published": _("Published"), "all": _("All")}
MERCHANTS_SCOPES: Final = {"published": SCOPES["published"], "all": SCOPES["all"]}
SOON: Final = timedelta(days=1)
"""How long before its limit a sample stands in the list of what becomes late (P9.6)."""
WAITING: Final[Mapping[str, frozenset[SampleState]]] = {
    Role.QC_LEAD: IN_HOUSE | {SampleState.VERIFIED},
    Role.QC_INSPECTOR: IN_HOUSE,
    Role.LAB_ANALYST: frozenset({SampleState.DISPATCHED, SampleState.RECEIVED, SampleState.TESTING}),
    Role.LAB_VERIFIER: frozenset({SampleState.RESULTED}),
}
"""Which samples wait for whom."""


def scopes_of(user: User) -> Mapping[str, Any]:
    """Return the lists a person chooses among."""
    return SCOPES if user.role in WAITING else {"late": SCOPES["late"], **MERCHANTS_SCOPES} if user.is_platform else MERCHANTS_SCOPES


def find(user: User, *, scope: str = "all", q: str = "", at: datetime | None = None) -> SampleQuerySet:
    """Return the samples a user sees: by due time where something is to be done, else the newest first."""
    found: SampleQuerySet = Sample.objects.visible_to(user)
    found = found.select_related("lot", "product__category", "merchant", "warehouse", "lab", "round")
    if q:
        number = q.upper().removeprefix("SP-").lstrip("0")
        named = Q(seal_number__iexact=q) | (Q(pk=int(number)) if number.isascii() and number.isdigit() and len(number) < 18 else Q())
        if user.organisation_kind != Kind.LAB:
            named |= Q(lot__number__istartswith=q)
        found = found.filter(named)
    if scope == "todo":
        return found.filter(state__in=sorted(WAITING.get(user.role, frozenset()))).order_by(F("due_at").asc(nulls_last=True), "id")
    if scope == "late" and at:
        return found.filter(state__in=sorted(AT_LAB), due_at__lt=at + SOON).order_by("due_at", "id")
    if scope == "published":
        return found.filter(state=SampleState.PUBLISHED).order_by("-ended_at", "-id")
    return found.order_by("-id")


@dataclass(frozen=True)
class Line:
    """One test of a sample with the result that stands, as far as the reader may see it; ``before`` is what it corrects."""

    row: SampleTest
    result: LabResult | None
    before: list[LabResult]
    is_open: bool

    @property
    def code(self) -> str:
        return self.row.test.code

    @property
    def confirmations(self) -> int:
        return sum(one.decision == "confirmed" for one in self.result.verifications.all()) if self.result else 0

    @property
    def sent_back(self) -> str:
        """Why the standing result was sent back, or nothing."""
        found = [one.reason for one in self.result.verifications.all() if one.decision == "returned"] if self.result else []
        return found[0] if found else ""


@dataclass(frozen=True)
class Told:
    """What is thought of one laboratory, in the language that is active now."""

    name: str
    words: str
    is_able: bool

    @classmethod
    def of(cls, opinion: Opinion) -> Told:
        return cls(opinion.name, gettext(opinion.message) % dict(opinion.facts), opinion.is_able)


@dataclass(frozen=True)
class SamplePage:
    """Everything the page of one sample shows to one reader."""

    sample: Sample
    lines: list[Line]
    handovers: list[SampleHandover]
    opinions: list[Told]
    retests: list[Sample]
    is_lab: bool
    may_retest: bool

    @property
    def result_ids(self) -> list[int]:
        return [line.result.pk for line in self.lines if line.result]

    @property
    def shows_results(self) -> bool:
        return any(line.result for line in self.lines)

    @property
    def looked_at(self) -> list[dict[str, Any]]:
        """What was thought of every laboratory, in the language that is active now."""
        return [one | {"words": gettext(one["message"]) % one["params"]} for one in self.sample.choice.get("opinions", [])]


def sample_page(sample: Sample, user: User, *, at: datetime) -> SamplePage:
    """Gather a sample's page. Eight queries or so."""
    is_lab = user.organisation_kind == Kind.LAB
    opinions = Market.of([sample], moments=[at]).opinions(sample, at=at) if sample.state == SampleState.SEALED and not is_lab else []
    retests = [] if is_lab else list(sample.retests.order_by("id"))
    return SamplePage(
        sample=sample,
        lines=lines_of(sample, user),
        handovers=handovers_of(sample, user),
        opinions=[Told.of(opinion) for opinion in opinions],
        retests=retests,
        is_lab=is_lab,
        may_retest=sample.verdict == "fail" and not sample.retest_of_id and not retests and RULES[sample.retest_rule].most > 0,
    )


def lines_of(sample: Sample, user: User) -> list[Line]:
    """Return the tests of a sample with the results that the user may know. Four queries."""
    results = LabResult.objects.visible_to(user).filter(sample=sample).select_related("entered_by", "retest_of")
    by_test: dict[int, list[LabResult]] = {}
    for result in results.prefetch_related("verifications__verified_by").order_by("id"):
        by_test.setdefault(result.sample_test_id, []).append(result)
    rows = sample.tests.select_related("test", "scope").order_by("test__position", "id")
    return [_line(row, by_test.get(row.pk, []), sample) for row in rows]


def handovers_of(sample: Sample, user: User) -> list[SampleHandover]:
    """Return through whose hands a sample went, the newest first; a laboratory sees what happened from the dispatch on."""
    found = sample.handovers.select_related("by").order_by("-id")
    return list(found.filter(step__in=sorted(SEEN_BY_LAB)) if user.organisation_kind == Kind.LAB else found)


def _line(row: SampleTest, results: list[LabResult], sample: Sample) -> Line:
    standing = results[-1] if results else None
    line = Line(row, standing, results[:-1], is_open=False)
    is_open = sample.state == SampleState.TESTING and (standing is None or bool(line.sent_back))
    return Line(row, standing, results[:-1], is_open)


@dataclass(frozen=True)
class Drawn:
    """One candidate of a round: its tickets with the reasons, and where it came once the seed is known."""

    candidate: DrawCandidate
    reasons: list[str]
    place: int | None
    is_drawn: bool


def rounds_of(user: User) -> Any:
    """Return the rounds a user sees with the number of their samples, the newest first."""
    return DrawRound.objects.visible_to(user).select_related("warehouse").annotate(drawn=Count("samples")).order_by("-id")


def places(found: DrawRound) -> list[Drawn]:
    """Return the candidates of a round in the order of the draw, computed anew; before it, in the order of lots."""
    rows = {row.lot_id: row for row in found.lots.select_related("lot__product", "merchant").order_by("lot_id")}

    def shown(row: DrawCandidate, place: int | None = None, *, is_drawn: bool = False) -> Drawn:
        return Drawn(row, [gettext(REASONS[code]) for code in row.reasons], place, is_drawn)

    if not found.is_drawn:
        return [shown(row) for row in rows.values()]
    order = draw(found.seed, [Candidate(row.lot_id, row.weight) for row in rows.values()], found.size)
    return [shown(rows[one.candidate.lot_id], n, is_drawn=one.is_drawn) for n, one in enumerate(order, start=1)]

"""Entries and metrics: which rules are in force, what was measured, where a merchant stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assurance.accounts.models import Organisation
from assurance.calendar import SHANGHAI
from assurance.evidence.models import Fact
from assurance.qualification.lifecycle import EntryState
from assurance.qualification.models import VERDICTS, EntryRules, ProgrammeEntry, QualificationPaper
from assurance.qualification.outcome import EntryOutcome, Measured, Verdict, judge
from assurance.qualification.queries.papers import Block, blocks, gaps_at
from assurance.roles import Kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from assurance.accounts.models import OrganisationQuerySet, User
    from assurance.qualification.models import EntryQuerySet
    from assurance.qualification.outcome import Line, Terms

MERCHANT = "merchant"
"""The kind of subject of a merchant's facts."""


TONES: Final = {Verdict.PASS: "pass", Verdict.FAIL: "fail", Verdict.UNKNOWN: "wait"}
ICONS: Final = {"pass": "circle-check", "fail": "circle-x", "wait": "question-mark"}
SAID: Final = {
    Verdict.PASS: _("The metrics of entry are met."),
    Verdict.FAIL: _("The metrics of entry are not met."),
    Verdict.UNKNOWN: _("The metrics of entry are not known yet."),
}
BECAUSE: Final = {
    "few_orders": _("too few orders"),
    "few_answers": _("too few answers"),
    "not_measured": _("not measured yet"),
}


@dataclass(frozen=True)
class Standing:
    """Where one merchant stands: his newest entry for the whole shop, the metrics now, what blocks him, which papers are missing."""

    merchant: Organisation
    entry: ProgrammeEntry | None
    outcome: EntryOutcome | None
    blocks: tuple[Block, ...]
    may_apply: bool
    rules: EntryRules | None
    gaps: tuple[str, ...]

    @property
    def tone(self) -> str:
        return TONES[self.outcome.verdict] if self.outcome else "wait"

    @property
    def icon(self) -> str:
        return ICONS[self.tone]

    @property
    def said(self) -> str:
        return str(SAID[self.outcome.verdict]) if self.outcome else ""

    @property
    def word(self) -> str:
        return str(dict(VERDICTS)[self.outcome.verdict]) if self.outcome else ""

    @property
    def lines(self) -> list[ShownLine]:
        """Return the metrics as people read them, in the language that is active now."""
        return [ShownLine.of(line) for line in self.outcome.lines] if self.outcome else []


@dataclass(frozen=True)
class ShownLine:
    """One metric in words."""

    label: str
    formula: str
    share: str
    sample: int
    as_of: datetime | None
    at_least: str
    tone: str
    word: str
    because: str

    @classmethod
    def of(cls, line: Line) -> ShownLine:
        language, measured = get_language() or "", line.measured
        return cls(
            label=line.demand.label(language),
            formula=line.demand.formula(language),
            share=f"{measured.share:.1%}" if measured and measured.sample else "",
            sample=measured.sample if measured else 0,
            as_of=measured.as_of if measured else None,
            at_least=f"{line.demand.at_least:.1%}",
            tone=TONES[line.verdict],
            word=str(dict(VERDICTS)[line.verdict]),
            because=str(BECAUSE.get(line.because, "")),
        )


@dataclass(frozen=True)
class MerchantRow:
    """One merchant in the reviewer's list."""

    merchant: Organisation
    entry: ProgrammeEntry | None
    verdict: str
    blocks: int
    waiting_papers: int

    @property
    def tone(self) -> str:
        return TONES.get(Verdict(self.verdict), "wait")

    @property
    def said(self) -> str:
        return str(dict(VERDICTS)[Verdict(self.verdict)])


def rules_at(day: date) -> EntryRules | None:
    """Return the version in force that day; before the first one, the first; nothing where none was loaded."""
    found = EntryRules.objects.filter(from_date__lte=day).order_by("-from_date").first()
    return found or EntryRules.objects.order_by("from_date").first()


def shown_terms(rules: EntryRules) -> dict[str, Any]:
    """Return a version as people read it, in the language that is active now."""
    terms, language = rules.read(), get_language() or ""
    metrics = [
        {"shown_label": one.label(language), "shown_formula": one.formula(language), "floor": f"{one.at_least:.1%}"}
        for one in terms.metrics
    ]
    same = ("least_orders", "cool_down_months", "most_entries", "papers_block")
    return {"metrics": metrics} | {name: getattr(terms, name) for name in same}


def newest_rules() -> EntryRules | None:
    return EntryRules.objects.order_by("-from_date").first()


def window_days(fact: str, *, at: datetime, default: int) -> int:
    """Return over how many days a metric is taken, for the floor that measures it."""
    rules = rules_at(_day(at))
    metrics = rules.read().metrics if rules else ()
    return next((one.window_days for one in metrics if one.fact == fact), default)


def outcomes(merchant_ids: Collection[int], terms: Terms, *, at: datetime) -> dict[int, EntryOutcome]:
    """Return what the metrics say of each merchant. One query."""
    measured: dict[int, dict[str, Measured]] = {merchant_id: {} for merchant_id in merchant_ids}
    facts = Fact.objects.filter(
        subject_kind=MERCHANT, subject_id__in=measured, name__in=[one.fact for one in terms.metrics], as_of__lte=at
    ).latest_of_each()
    for fact in facts:
        measured[fact.subject_id][fact.name] = Measured(fact.value, fact.sample_size, fact.as_of)
    return {merchant_id: judge(terms, found) for merchant_id, found in measured.items()}


def entry(merchant_id: int, at: datetime) -> EntryOutcome | None:
    """Return what the metrics say of one merchant at that moment; nothing where no rules were loaded. Two queries."""
    rules = rules_at(_day(at))
    return outcomes([merchant_id], rules.read(), at=at)[merchant_id] if rules else None


def newest_entries(merchant_ids: Iterable[int]) -> dict[tuple[int, int | None], ProgrammeEntry]:
    """Return the newest entry of every merchant (second of the key None) and of every product that has its own. One query."""
    found = ProgrammeEntry.objects.filter(merchant_id__in=set(merchant_ids)).newest_of_each()
    return {(one.merchant_id, one.product_id): one for one in found}


def standing(merchant: Organisation, *, at: datetime) -> Standing:
    """Return where a merchant stands at that moment."""
    day = _day(at)
    rules = rules_at(day)
    newest = newest_entries([merchant.pk]).get((merchant.pk, None))
    outcome = outcomes([merchant.pk], rules.read(), at=at)[merchant.pk] if rules else None
    stopped = tuple(blocks([merchant.pk], day)[merchant.pk])
    gaps = tuple(gaps_at(merchant.pk, rules.read() if rules else None, day))
    return Standing(merchant, newest, outcome, stopped, may_apply(newest, day), rules, gaps)


def may_apply(newest: ProgrammeEntry | None, day: date) -> bool:
    """Say whether an application is possible that day: never yet, refused, or cleared out and the wait is over."""
    if newest is None or newest.state == EntryState.REFUSED:
        return True
    return newest.state == EntryState.CLEARED_OUT and newest.return_date is not None and day >= newest.return_date


def merchant_rows(merchants: Iterable[Organisation], *, at: datetime) -> list[MerchantRow]:
    """Return merchants with entry, verdict and what waits. A constant number of queries."""
    wanted = list(merchants)
    ids = [one.pk for one in wanted]
    rules, entries, stopped = rules_at(_day(at)), newest_entries(ids), blocks(ids, _day(at))
    judged = outcomes(ids, rules.read(), at=at) if rules else {}
    waiting: dict[int, int] = {}
    for merchant_id in QualificationPaper.objects.waiting().filter(merchant_id__in=ids).values_list("merchant_id", flat=True):
        waiting[merchant_id] = waiting.get(merchant_id, 0) + 1
    return [
        MerchantRow(
            one,
            entries.get((one.pk, None)),
            str(judged[one.pk].verdict) if one.pk in judged else "",
            len(stopped[one.pk]),
            waiting.get(one.pk, 0),
        )
        for one in wanted
    ]


def would_fail(terms: Terms, *, at: datetime) -> list[Organisation]:
    """Return the merchants taking part whose own numbers would not meet these terms, by code. Three queries."""
    inside = ProgrammeEntry.objects.filter(product=None, state=EntryState.ADMITTED).values_list("merchant_id", flat=True)
    judged = outcomes(list(inside), terms, at=at)
    failing = [merchant_id for merchant_id, outcome in judged.items() if outcome.verdict == Verdict.FAIL]
    return list(Organisation.objects.filter(pk__in=failing).order_by("code"))


def merchants(user: User) -> OrganisationQuerySet:
    """Return the merchants the user may see, by code."""
    return Organisation.objects.visible_to(user).of_kind(Kind.MERCHANT).order_by("code", "id")


def entries_of(merchant_id: int) -> EntryQuerySet:
    """Return all entries of a merchant and of his products, the newest first."""
    found = ProgrammeEntry.objects.filter(merchant_id=merchant_id)
    return found.select_related("product", "rules", "decided_by", "cleared_by").order_by("-applied_at", "-id")


def product_entries(user: User) -> list[tuple[ProgrammeEntry, bool]]:
    """Return the newest entry of each product that has its own, and whether an application is possible today. One query."""
    own = ProgrammeEntry.objects.visible_to(user).exclude(product=None).select_related("product").newest_of_each()
    day = timezone.localdate(timezone.now(), SHANGHAI)
    return [(one, may_apply(one, day)) for one in own]


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()

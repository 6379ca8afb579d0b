"""Papers: what is held, what has lapsed, what that blocks, and how it is shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext, gettext_noop, ngettext

from assurance.calendar import SHANGHAI
from assurance.products.models import Category, Product
from assurance.qualification.lifecycle import EntryState, PaperState
from assurance.qualification.models import KIND_CHOICES, PaperProduct, ProgrammeEntry, QualificationPaper
from assurance.qualification.numbers import PaperKind
from assurance.qualification.term import Good, Held, Scope, Term, lapsed, lapsed_for_all, missing
from assurance.sentences import keep, retold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from assurance.accounts.models import User
    from assurance.qualification.models import PaperQuerySet
    from assurance.qualification.outcome import Terms

LAPSED = {
    PaperKind.BUSINESS_LICENCE: gettext_noop("The business licence %(number)s ended on %(day)s; this holds until a newer one is verified."),
    PaperKind.FOOD_LICENCE: gettext_noop(
        "The food business licence %(number)s ended on %(day)s; this holds until a newer one is verified."
    ),
    PaperKind.BRAND_AUTHORISATION: gettext_noop(
        "The brand authorisation %(number)s ended on %(day)s; this holds until a newer one is verified."
    ),
    PaperKind.TRADEMARK: gettext_noop("The trademark %(number)s ended on %(day)s; this holds until a newer one is verified."),
}
"""Why something is stopped, as it stands in the record."""
CLEARED = gettext_noop("Cleared out of the programme on %(day)s; an application to return is possible from %(until)s.")
CLEARED_FOR_GOOD = gettext_noop("Cleared out of the programme on %(day)s for the last time possible; there is no return.")
UNDECIDED = gettext_noop("The application of %(day)s to return to the programme is not decided yet; this holds until it is admitted.")
NOT_LET_BACK = gettext_noop("The application of %(day)s to return to the programme was refused; another one is possible at any time.")
SHUT = {EntryState.APPLIED: ("return_undecided", UNDECIDED), EntryState.REFUSED: ("return_refused", NOT_LET_BACK)}
keep(*LAPSED.values(), CLEARED, CLEARED_FOR_GOOD, UNDECIDED, NOT_LET_BACK)


@dataclass(frozen=True)
class Block:
    """Why something of a merchant may not be enrolled or shown: ``words`` in the language that is active now, English kept in ``because``.

    ``product_ids`` narrows it to some products; none means everything of the merchant. ``since`` is the first day.
    """

    code: str
    because: str
    since: date
    product_ids: frozenset[int] | None = None
    paper_id: int | None = None

    @property
    def words(self) -> str:
        return retold(self.because)

    def covers(self, product_id: int) -> bool:
        return self.product_ids is None or product_id in self.product_ids


@dataclass(frozen=True)
class PaperRow:
    """One paper with where it stands on the day of asking."""

    paper: QualificationPaper
    term: Term
    days_left: int | None

    @property
    def tone(self) -> str:
        """Return the colour of its dates: only what is verified can run out."""
        if self.paper.state != PaperState.VERIFIED:
            return "gone" if self.paper.state == PaperState.REPLACED else "wait"
        return {Term.OVER: "fail", Term.SOON: "hold", Term.NOT_YET: "wait"}.get(self.term, "pass")

    @property
    def icon(self) -> str:
        return {"fail": "calendar-off", "hold": "hourglass", "pass": "circle-check"}.get(self.tone, "clock")

    @property
    def said(self) -> str:
        """Say in words how its dates stand."""
        if self.days_left is None:
            return gettext("without end")
        if self.term == Term.OVER:
            return ngettext("ended %(n)s day ago", "ended %(n)s days ago", -self.days_left) % {"n": -self.days_left}
        if self.term == Term.NOT_YET:
            return gettext("not in force yet")
        if self.days_left == 0:
            return gettext("ends today")
        return ngettext("%(n)s day left", "%(n)s days left", self.days_left) % {"n": self.days_left}

    @property
    def may_be_renewed(self) -> bool:
        return self.paper.state in (PaperState.VERIFIED, PaperState.RETURNED)


def held_by(merchant_ids: Collection[int]) -> dict[int, list[Held]]:
    """Return the verified papers of each merchant, whatever their dates. Two queries."""
    papers = list(QualificationPaper.objects.verified().filter(merchant_id__in=merchant_ids).order_by("id"))
    covered: dict[int, set[int]] = defaultdict(set)
    of_products = [paper.pk for paper in papers if paper.scope == Scope.PRODUCTS]
    if of_products:
        for paper_id, product_id in PaperProduct.objects.filter(paper__in=of_products).values_list("paper_id", "product_id"):
            covered[paper_id].add(product_id)
    found: dict[int, list[Held]] = {merchant_id: [] for merchant_id in merchant_ids}
    for paper in papers:
        found[paper.merchant_id].append(_held(paper, covered[paper.pk]))
    return found


def goods(products: Iterable[Product]) -> dict[int, Good]:
    """Return what the rules need to know of products. One query."""
    above = {one.pk: (one.code, one.parent_id) for one in Category.objects.all()}

    def path(category_id: int | None) -> Iterable[str]:
        while category_id is not None and category_id in above:
            code, category_id = above[category_id]
            yield code

    return {one.pk: Good(one.pk, frozenset(path(one.category_id))) for one in products}


def lapses(merchant_ids: Collection[int], day: date) -> dict[int, list[tuple[Held, frozenset[int] | None]]]:
    """Return the papers that are over without a successor, with the products they leave uncovered; none means everything.

    Two queries, two more where a paper of some products or categories is over.
    """
    held = held_by(merchant_ids)
    narrow = [merchant for merchant, papers in held.items() if any(one.is_over(day) and one.scope != Scope.SHOP for one in papers)]
    good_of = _goods_of(narrow)
    found: dict[int, list[tuple[Held, frozenset[int] | None]]] = {}
    for merchant, papers in held.items():
        whole: list[tuple[Held, frozenset[int] | None]] = [(one, None) for one in lapsed_for_all(papers, day)]
        left: dict[Held, set[int]] = defaultdict(set)
        for good in good_of.get(merchant, ()):
            for one in lapsed(papers, good, day):
                left[one].add(good.product_id)
        found[merchant] = whole + [(one, frozenset(ids)) for one, ids in left.items() if one.scope != Scope.SHOP]
    return found


def blocks(merchant_ids: Collection[int], day: date) -> dict[int, list[Block]]:
    """Return what blocks each merchant on that day: papers that ended, and that he or a product of his was cleared out.

    Ask ``Block.covers`` for one product. Three queries, two more where a paper of some products is over.
    """
    found = {
        merchant: [_lapse_block(held, products) for held, products in lapsed_ones]
        for merchant, lapsed_ones in lapses(merchant_ids, day).items()
    }
    for one in ProgrammeEntry.objects.filter(merchant_id__in=merchant_ids).newest_of_each():
        if (because := _shut_out(one)) is not None:
            found[one.merchant_id].append(because)
    return found


def blocks_of(products: Sequence[Product], day: date) -> dict[int, list[Block]]:
    """Return what blocks each of these products; those that nothing blocks are left out."""
    of_merchants = blocks({one.merchant_id for one in products}, day)
    found = {one.pk: [block for block in of_merchants[one.merchant_id] if block.covers(one.pk)] for one in products}
    return {product_id: there for product_id, there in found.items() if there}


def gaps_of(products: Sequence[Product], terms: Terms, day: date) -> dict[int, list[str]]:
    """Return the kinds of papers that the rules demand of each product and that nothing in force covers. Three queries."""
    held = held_by({one.merchant_id for one in products})
    known = goods(products)
    found = {one.pk: missing(terms.papers, held[one.merchant_id], known[one.pk], day) for one in products}
    return {product_id: kinds for product_id, kinds in found.items() if kinds}


def gaps_at(merchant_id: int, terms: Terms | None, day: date) -> list[str]:
    """Return in words the kinds of papers that the rules demand for something the merchant sells and that nothing in force covers."""
    if terms is None:
        return []
    products = list(Product.objects.filter(merchant_id=merchant_id).only("id", "merchant_id", "category_id"))
    missing_kinds = {kind for kinds in gaps_of(products, terms, day).values() for kind in kinds}
    return [str(label) for kind, label in KIND_CHOICES if kind in missing_kinds]


def paper_rows(papers: Iterable[QualificationPaper], day: date) -> list[PaperRow]:
    """Return papers with how they stand on that day."""
    return [PaperRow(paper, paper.term(day), None if paper.until_date is None else (paper.until_date - day).days) for paper in papers]


def queue(user: User, *, tab: str = "waiting") -> PaperQuerySet:
    """Return what a reviewer chooses from: what waits, the oldest first; what ends soon; or what was decided lately."""
    found = QualificationPaper.objects.visible_to(user).select_related("merchant", "file")
    if tab == "ending":
        return found.verified().exclude(until_date=None).order_by("until_date", "id")
    if tab == "decided":
        return found.exclude(state=PaperState.ENTERED).order_by("-decided_at", "-id")
    return found.waiting().order_by("entered_at", "id")


def paper_kind(kind: str) -> str:
    """Return what a kind of paper is called."""
    return str(QualificationPaper(kind=kind).get_kind_display())


def written(paper: QualificationPaper) -> dict[str, str]:
    """Return every field of a paper as people read it; empty where it has none. Up to two queries for what it covers."""
    covers = str(paper.get_scope_display())
    if paper.scope == Scope.CATEGORIES:
        names = {one.code: one.name for one in Category.objects.filter(code__in=paper.categories)}
        covers = gettext(", ").join(names.get(code, code) for code in paper.categories)
    elif paper.scope == Scope.PRODUCTS:
        covers = gettext(", ").join(one.product.shown_name for one in paper.covered.select_related("product").order_by("id"))
    return {
        "kind": str(paper.get_kind_display()),
        "number": paper.number,
        "issuer": paper.issuer,
        "brand": paper.brand,
        "granted_by": paper.granted_by,
        "chain_level": str(paper.chain_level or ""),
        "scope": covers,
        "from_date": paper.from_date.isoformat(),
        "until_date": paper.until_date.isoformat() if paper.until_date else gettext("without end"),
        "file": paper.file.shown_name,
    }


def _held(paper: QualificationPaper, products: Collection[int]) -> Held:
    return Held(
        paper_id=paper.pk,
        kind=paper.kind,
        number=paper.number,
        brand=paper.brand,
        scope=paper.scope,
        categories=frozenset(paper.categories),
        products=frozenset(products),
        from_date=paper.from_date,
        until_date=paper.until_date,
    )


def _goods_of(merchant_ids: Collection[int]) -> Mapping[int, list[Good]]:
    """Return what the rules need to know of all products of these merchants. Two queries, none without a merchant."""
    if not merchant_ids:
        return {}
    products = list(Product.objects.filter(merchant_id__in=merchant_ids).only("id", "merchant_id", "category_id"))
    known = goods(products)
    found: dict[int, list[Good]] = defaultdict(list)
    for one in products:
        found[one.merchant_id].append(known[one.pk])
    return found


def _lapse_block(held: Held, product_ids: frozenset[int] | None) -> Block:
    assert held.until_date is not None  # only what has an end can be over
    because = LAPSED[PaperKind(held.kind)] % {"number": held.number, "day": held.until_date.isoformat()}
    return Block(f"paper_{held.kind}", because, held.until_date, product_ids, held.paper_id)


def _shut_out(one: ProgrammeEntry) -> Block | None:
    """Return what the newest entry of a merchant or a product blocks: after a clear-out everything, until a return is admitted."""
    if one.state == EntryState.CLEARED_OUT:
        return Block("cleared_out", cleared_because(one), _day(one), _only(one))
    if one.number > 1 and one.state in (EntryState.APPLIED, EntryState.REFUSED):
        code, sentence = SHUT[EntryState(one.state)]
        return Block(code, sentence % {"day": _day(one).isoformat()}, _day(one), _only(one))
    return None


def cleared_because(one: ProgrammeEntry) -> str:
    """Return why a cleared-out entry stops what it covers, and until when, as it stands in the record."""
    day = _day(one).isoformat()
    if one.return_date is None:
        return CLEARED_FOR_GOOD % {"day": day}
    return CLEARED % {"day": day, "until": one.return_date.isoformat()}


def _day(one: ProgrammeEntry) -> date:
    return (one.cleared_at or one.applied_at).astimezone(SHANGHAI).date()


def _only(one: ProgrammeEntry) -> frozenset[int] | None:
    return None if one.product_id is None else frozenset({one.product_id})

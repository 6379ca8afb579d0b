"""What is said of products, and what each claim is worth now."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, gettext

from assurance.advertising import HIGH, LEVELS, check, shipped
from assurance.calendar import SHANGHAI
from assurance.certificates.lifecycle import CertificateState
from assurance.claims import status as rule
from assurance.claims.kinds import Basis, ClaimKind
from assurance.claims.measuring import Measured
from assurance.claims.models import Claim, ClaimEvidence, ClaimFinding, ClaimStatus
from assurance.claims.status import Because, Grade
from assurance.claims.wording import BECAUSE, EXPECTED, LACKS
from assurance.products.models import Product
from assurance.products.queries import Lack
from assurance.templatetags.ui import day as day_in_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.advertising import Finding as Words
    from assurance.claims.models import ClaimQuerySet
    from assurance.claims.status import Standing
    from assurance.products.models import Category

TONES = {"high": "fail", "medium": "hold", "low": "wait"}
"""The tone words of each level are drawn in."""


@dataclass(frozen=True)
class ClaimStanding:
    """One claim with what it is worth: the status, and in the reader's language why."""

    claim: Claim
    status: str
    because: str
    standing: Standing
    evidence: Sequence[ClaimEvidence] = field(default=(), repr=False)
    findings: Sequence[ClaimFinding] = field(default=(), repr=False)

    @property
    def is_supported(self) -> bool:
        return self.standing.is_supported

    @property
    def proof(self) -> str:
        """What shows it, in words; nothing for a claim that nothing supports."""
        link = next((one for one in self.evidence if one.pk == self.standing.link), None)
        return proof_of(link) if link and self.is_supported else ""

    @property
    def expected(self) -> str:
        """What would support a claim of this kind."""
        return str(EXPECTED[self.claim.kind])

    @property
    def allegations(self) -> list[ClaimFinding]:
        """What was raised against it and is not decided."""
        return [one for one in self.findings if one.pk in self.standing.alleged]


@dataclass(frozen=True)
class Flaw:
    """Words of a text that the law does not let pass, in the reader's language."""

    start: int
    end: int
    text: str
    rule: str
    level: str
    tone: str
    name: str
    legal_basis: str
    advice: str
    would_support: str


@dataclass(frozen=True)
class Piece:
    """A stretch of a text; one with a flaw is marked."""

    text: str
    flaw: Flaw | None = None


@dataclass(frozen=True)
class Said:
    """A claim as it is submitted: its words, and number and fingerprint of the files under it."""

    pk: int
    text: str
    files: tuple[tuple[int, str], ...]


def day_of(at: datetime) -> date:
    """Return the day of a moment in China: papers end there."""
    return timezone.localdate(at, SHANGHAI)


def find(user: User) -> ClaimQuerySet:
    """Return the claims the user may see, newest first."""
    return Claim.objects.visible_to(user).select_related("product__category__parent", "merchant").order_by("-id")


# --- what they are worth -------------------------------------------------------------------------------------------
def standing(product_ids: Collection[int], at: datetime) -> dict[int, list[ClaimStanding]]:
    """Return every claim that is made of these products with its status at that moment, oldest first. Three queries."""
    found: dict[int, list[ClaimStanding]] = defaultdict(list)
    for one in judged(Claim.objects.standing().of(product_ids).order_by("id"), at):
        found[one.claim.product_id].append(one)
    return dict(found)


def judged(claims: Iterable[Claim], at: datetime) -> list[ClaimStanding]:
    """Judge claims by their evidence and findings. Two queries beside the claims' own."""
    made = list(claims)
    numbers = [claim.pk for claim in made]
    evidence: dict[int, list[ClaimEvidence]] = defaultdict(list)
    for link in in_force(numbers):
        evidence[link.claim_id].append(link)
    findings: dict[int, list[ClaimFinding]] = defaultdict(list)
    for finding in ClaimFinding.objects.filter(claim__in=numbers).order_by("id"):
        findings[finding.claim_id].append(finding)
    return [_judged(claim, evidence[claim.pk], findings[claim.pk], day_of(at)) for claim in made]


def said_of(product_ids: Collection[int]) -> dict[int, list[Said]]:
    """Return what is said of these products now, each claim with the files that lie under it. Two queries, one where nothing is said."""
    claims = list(Claim.objects.standing().of(product_ids).order_by("id"))
    files: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for link in in_force([claim.pk for claim in claims]) if claims else ():
        if link.file:
            files[link.claim_id].append((link.file.pk, link.file.sha256))
    found: dict[int, list[Said]] = defaultdict(list)
    for claim in claims:
        found[claim.product_id].append(Said(claim.pk, claim.text, tuple(files[claim.pk])))
    return dict(found)


def measured_of(product_ids: Collection[int]) -> dict[int, list[tuple[Measured, str]]]:
    """Return what a laboratory would measure of what is said of these products, and of which component. One query."""
    rows = Claim.objects.standing().of(product_ids).exclude(measured="").order_by("id")
    found: dict[int, list[tuple[Measured, str]]] = defaultdict(list)
    for product_id, measured, component in rows.values_list("product_id", "measured", "component"):
        found[product_id].append((Measured(measured), component))
    return dict(found)


def in_force(claim_ids: Collection[int]) -> list[ClaimEvidence]:
    """Return the evidence under these claims that was not retracted. One query."""
    rows = ClaimEvidence.objects.filter(claim__in=claim_ids, retracts=None, retraction=None)
    return list(rows.select_related("file", "certificate", "attached_by").order_by("id"))


def _judged(claim: Claim, links: list[ClaimEvidence], findings: list[ClaimFinding], day: date) -> ClaimStanding:
    found = rule.status(
        ClaimKind(claim.kind),
        [_link(link) for link in links],
        [rule.Finding(one.pk, Grade(one.grade), one.found_date) for one in findings],
        day,
    )
    return ClaimStanding(claim, str(found.status), str(BECAUSE[found.because]), found, links, findings)


def _link(link: ClaimEvidence) -> rule.Link:
    holds = link.certificate is None or link.certificate.state == CertificateState.VERIFIED
    return rule.Link(link.pk, Basis(link.basis), link.from_date, link.until_date, agrees=link.agrees, is_drawn=link.is_drawn, holds=holds)


def shown_on_cards(product_ids: Collection[int], at: datetime) -> dict[int, list[ClaimStatus]]:
    """Return what of these products is shown with its proof, by the status last told and only while it is sure. One query."""
    found: dict[int, list[ClaimStatus]] = defaultdict(list)
    rows = ClaimStatus.objects.shown_on(day_of(at)).filter(product_id__in=set(product_ids)).select_related("claim")
    for row in rows.order_by("-status", "claim_id"):
        found[row.product_id].append(row)
    return found


def proof_of(link: ClaimEvidence) -> str:
    """Return what a piece of evidence shows, in words."""
    parts = [_of_laboratory(link)] if link.basis == Basis.LAB else [_of_paper(link)]
    if link.until_date:
        parts.append(gettext("valid until %(day)s") % {"day": day_in_words(link.until_date)})
    return " · ".join(parts)


def _of_paper(link: ClaimEvidence) -> str:
    number = link.certificate.number if link.certificate else ""
    kind, name = link.get_basis_display(), number or link.words or (link.file.shown_name if link.file else "")
    return gettext("%(label)s: %(value)s") % {"label": kind, "value": name} if name else str(kind)


def _of_laboratory(link: ClaimEvidence) -> str:
    value = "" if link.measured_value is None else f"{link.measured_value.normalize():f} {link.unit}".strip()
    if link.is_drawn:
        said = gettext("laboratory measured %(value)s on a drawn sample, evidence entry %(number)s")
    else:
        said = gettext("laboratory measured %(value)s on a sample that was sent in, evidence entry %(number)s")
    return said % {"value": value, "number": link.evidence_entry_id}


# --- what the law says of their words -------------------------------------------------------------------------------
def path_of(category: Category) -> str:
    """Return a category's code with those above it, as the check of words reads it: ``food/snacks``."""
    codes, above = [category.code], category.parent
    while above is not None:
        codes.append(above.code)
        above = above.parent
    return "/".join(reversed(codes))


def flaws(text: str, category: Category | None) -> list[Flaw]:
    """Return what the law does not let pass in a text, in the reader's language."""
    return [_flaw(found) for found in check(text, path_of(category) if category else None)]


def _flaw(found: Words) -> Flaw:
    by, in_english = shipped().by_code[found.rule], (get_language() or "").startswith("en")
    return Flaw(
        found.start,
        found.end,
        found.text,
        found.rule,
        found.level,
        TONES[found.level],
        by.name_en if in_english else by.name_zh,
        by.basis_en if in_english else found.legal_basis,
        by.advice_en if in_english else by.advice_zh,
        by.would_support_en.replace("{text}", found.text) if in_english else found.would_support,
    )


def pieces(text: str, found: Sequence[Flaw]) -> list[Piece]:
    """Cut a text into stretches that a page can mark."""
    cut, place = [], 0
    for one in found:
        cut += [Piece(text[place : one.start])] if one.start > place else []
        cut.append(Piece(text[one.start : one.end], one))
        place = one.end
    return cut + ([Piece(text[place:])] if place < len(text) else [])


def worst_level(found: Iterable[Flaw]) -> str:
    levels = {one.level for one in found}
    return next((level for level in LEVELS if level in levels), "")


def lacks(products: Sequence[Product], at: datetime) -> Mapping[int, Sequence[Lack]]:
    """Return what of these products' claims keeps them from being submitted: grave words without proof, and what is refuted.

    Four queries.
    """
    claims = standing([one.pk for one in products], at)
    if not claims:
        return {}
    with_groups = Product.objects.select_related("category__parent__parent").in_bulk(list(claims))
    return {number: _lacks(of_product, with_groups[number].category) for number, of_product in claims.items()}


def _lacks(of_product: Sequence[ClaimStanding], category: Category) -> list[Lack]:
    found = []
    for one in of_product:
        if one.standing.because in (Because.CONFIRMED, Because.MEASURED_OTHERWISE):
            found.append(_lack(one, "refuted_claim", {"claim": one.claim.text}))
        for flaw in flaws(one.claim.text, category):
            carries = shipped().by_code[flaw.rule].support
            if flaw.level == HIGH and not (carries and one.is_supported):
                params = {"words": flaw.text, "law": flaw.legal_basis, "what": flaw.would_support}
                found.append(_lack(one, "unsupported_words" if carries else "forbidden_words", params))
    return found


def _lack(one: ClaimStanding, code: str, params: Mapping[str, str]) -> Lack:
    return Lack(f"claims.{one.claim.pk}", code, gettext("Claim %(code)s") % {"code": one.claim.code}, str(LACKS[code]) % params)

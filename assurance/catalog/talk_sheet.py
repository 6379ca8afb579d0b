"""What may be said of a product, what waits for its proof, and what must not be said: each with where it comes from.

Written in the reader's language and kept word for word, so that a streamer can prove later what he was told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypedDict

from django.urls import reverse
from django.utils.translation import get_language, gettext

from assurance.advertising import HIGH, shipped
from assurance.badges.queries import SIDE_NAMES, best_of_each
from assurance.badges.sides import LAB, PASSES
from assurance.claims.queries import standing as claims_of
from assurance.claims.status import Status
from assurance.enrollment.lifecycle import EnrolmentState
from assurance.enrollment.models import Enrolment
from assurance.evidence.queries import story_of
from assurance.products.queries import stated
from assurance.reference import newest
from assurance.templatetags.ui import day, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from assurance.badges.queries import Verification
    from assurance.catalog.models import CatalogEntry
    from assurance.claims.queries import ClaimStanding
    from assurance.evidence.queries import Step

FORM: Final = 1
"""The form of the content; another one gets another number."""
EXAMPLES: Final = 4
"""How many words of a rule stand on the sheet as examples."""


class Saying(TypedDict):
    """One sentence with where it comes from; ``url`` leads there if the reader may go."""

    say: str
    proof: str
    url: str


class TalkSheetContent(TypedDict):
    """Everything a talk-sheet says, as it is kept."""

    form: int
    language: str
    product: dict[str, Any]
    badge: dict[str, Any]
    rules: str
    may: list[Saying]
    later: list[Saying]
    must_not: list[Saying]


def content_of(entry: CatalogEntry, *, at: datetime) -> TalkSheetContent:
    """Write the talk-sheet of a product as it is at that moment, in the language that is active now. Nine queries."""
    found = best_of_each([entry.product_id], at=at).get(entry.product_id)
    badge = found.badge if found else None
    steps = story_of(lot_id=badge.lot_id, product_id=entry.product_id) if badge else []
    enrolment = (
        Enrolment.objects.filter(product_id=entry.product_id, state=EnrolmentState.APPROVED).select_related("product__category").first()
    )
    is_valid = found is not None and found.validity.is_valid
    claims = claims_of([entry.product_id], at).get(entry.product_id, [])
    return {
        "form": FORM,
        "language": get_language() or "",
        "product": {"id": entry.product_id, "name": entry.name, "specification": entry.specification},
        "badge": {"code": badge.code if badge else "", "status": str(found.validity.status) if found else "none"},
        "rules": shipped().version,
        "may": [
            *(_of_badge(found, steps) if found and is_valid else ()),
            *_of_claims(claims),
            *(_of_review(enrolment) if enrolment else ()),
        ],
        "later": [*_later(found if is_valid else None), *_claims_without_proof(claims)],
        "must_not": [*_not_of_badge(found), *_refuted(claims), *_not_by_law()],
    }


def _of_badge(found: Verification, steps: list[Step]) -> Iterator[Saying]:
    badge = found.badge
    if badge is None:
        return
    inspected = {"lot": badge.lot_number, "inspected": number(badge.inspected), "defective": number(badge.defective)}
    verify = reverse("badges:verify", args=[badge.code])
    said = gettext("Of lot %(lot)s, %(inspected)s units were drawn at random on arrival and inspected; %(defective)s had a defect.")
    yield Saying(say=said % inspected, proof=_entry("inspection_verdict", steps) or gettext("Inbound inspection"), url=verify)
    if found.at_most_percent is not None:
        bound = gettext("At most %(percent)s%% of this lot are defective, with 95%% confidence.") % {"percent": found.at_most_percent}
        yield Saying(say=bound, proof=gettext("Upper bound after Clopper and Pearson"), url=verify)
    until = gettext("It carries the Wuyou badge; scan the code and see whether it holds now. It ends on %(day)s at the latest.")
    yield Saying(say=until % {"day": day(badge.valid_until)}, proof=gettext("Badge %(code)s") % {"code": badge.code}, url=verify)
    yield Saying(
        say=gettext("It is sent from %(warehouse)s.") % {"warehouse": badge.warehouse.name},
        proof=gettext("Stock of this warehouse"),
        url="",
    )
    yield from _of_laboratory(steps, verify)


def _of_laboratory(steps: list[Step], url: str) -> Iterator[Saying]:
    published = [step for step in steps if step.kind == LAB]
    if not published or published[-1].says.get("verdict") not in PASSES:
        return
    in_english = (get_language() or "").startswith("en")
    for test in published[-1].says.get("tests", []):
        if test.get("verdict") in PASSES:
            named = {"test": test["en" if in_english else "zh"], "found": f"{test['reported']} {test.get('unit', '')}".strip()}
            said = gettext("Laboratory, %(test)s: %(found)s, within %(standard)s.") % (named | {"standard": test["standard"]})
            yield Saying(say=said, proof=_entry(LAB, steps), url=url)


def _of_review(enrolment: Enrolment) -> Iterator[Saying]:
    product = enrolment.product
    proof = gettext("Stated by the merchant and reviewed, %(number)s") % {"number": enrolment.number}
    if product.specification:
        yield Saying(say=gettext("Specification: %(value)s") % {"value": product.specification}, proof=proof, url="")
    for label, value in stated(product):
        if value:
            yield Saying(say=gettext("%(label)s: %(value)s") % {"label": label, "value": value}, proof=proof, url="")


def _of_claims(claims: Sequence[ClaimStanding]) -> Iterator[Saying]:
    """Yield what the merchant claims and evidence shows, each with its proof."""
    for one in claims:
        if one.is_supported:
            yield Saying(say=_quoted(one), proof=one.proof, url="")


def _claims_without_proof(claims: Sequence[ClaimStanding]) -> Iterator[Saying]:
    for one in claims:
        if not one.is_supported and one.status != Status.REFUTED:
            yield Saying(say=_quoted(one), proof=one.because, url="")


def _refuted(claims: Sequence[ClaimStanding]) -> Iterator[Saying]:
    for one in claims:
        if one.status == Status.REFUTED:
            yield Saying(say=_quoted(one), proof=one.because, url="")


def _quoted(one: ClaimStanding) -> str:
    return gettext("“%(claim)s”") % {"claim": one.claim.text}


def _later(found: Verification | None) -> Iterator[Saying]:
    """Yield what waits for a proof that this lot does not have yet."""
    sides = found.sides if found else "0000"
    for mark, name in zip(sides, SIDE_NAMES, strict=True):
        if mark == "0":
            yield Saying(say=str(name), proof=gettext("No evidence of it yet for this lot."), url="")


def _not_of_badge(found: Verification | None) -> Iterator[Saying]:
    if found is None or not found.validity.is_valid:
        yield Saying(say=gettext("Anything of a badge"), proof=gettext("This product has no valid badge at the moment."), url="")
        return
    yield Saying(say=gettext("“Every single one was checked”"), proof=gettext("A random sample was inspected, not all units."), url="")
    yield Saying(say=gettext("Anything of this badge about other lots"), proof=gettext("The badge belongs to one lot."), url="")
    if found.sides[1] == "0":
        yield Saying(say=gettext("Any laboratory value"), proof=gettext("No laboratory result of this lot is published."), url="")


def _not_by_law() -> Iterator[Saying]:
    in_english = (get_language() or "").startswith("en")
    for rule in newest("advertising")["rules"]:
        if rule["level"] == HIGH and not rule["only_in"]:
            name, basis = (rule["name_en"], rule["basis_en"]) if in_english else (rule["name_zh"], rule["basis_zh"])
            examples = gettext(", ").join(rule["words"][:EXAMPLES])
            yield Saying(say=gettext("%(name)s: %(examples)s") % {"name": name, "examples": examples}, proof=basis, url="")


def _entry(kind: str, steps: list[Step]) -> str:
    """Return where the newest entry of a kind stands in the log, in words."""
    newest_one = next((step for step in reversed(steps) if step.kind == kind), None)
    return gettext("Evidence entry %(number)s") % {"number": newest_one.entry_id} if newest_one else ""

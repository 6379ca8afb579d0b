"""Papers: entered by the merchant, verified or returned by a reviewer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from assurance import refusals
from assurance.calendar import SHANGHAI
from assurance.database import constraint_of, update_each
from assurance.events.actions import News, announce, announce_each
from assurance.events.changes import change, first
from assurance.files.actions import store
from assurance.files.sniffing import DOCUMENTS
from assurance.products.models import Category, Product
from assurance.qualification import objections as rules
from assurance.qualification.actions.ending import replace_begun, settle_stops
from assurance.qualification.lifecycle import PAPER_NEXT, PaperState
from assurance.qualification.models import PaperProduct, QualificationPaper
from assurance.qualification.numbers import BRANDED, PaperKind, paper_number
from assurance.qualification.term import Scope
from assurance.refusals import OwnWork, Refused, WrongState, at_place
from assurance.web.database import explain
from assurance.web.invalid import Invalid
from assurance.web.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from assurance.accounts.models import User
    from assurance.files.models import StoredFile
    from assurance.qualification.objections import Objection

FOOD: Final = ("food",)
"""What a food business licence covers."""
MOST_LEVELS: Final = 9


class BadPaper(Refused):
    """What was entered does not make a paper; every flaw stands at its field."""

    code = "invalid"
    status = 422
    message = _("Some entries of the paper are not right. Each is named.")
    MESSAGES: Final = {
        "required": _("Fill in this field."),
        "ends_before_it_begins": _("It would end before it begins."),
        "already_over": _("It ended before today. Enter the one that is in force."),
        "covers_nothing": _("Choose at least one."),
        "not_a_document_of_yours": _("Choose a picture or a PDF that your own organisation uploaded."),
        "not_for_this_kind": _("This belongs to papers about a brand only."),
    }

    def __init__(self, flaws: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.flaws = list(flaws)

    def points(self) -> list[tuple[str, str, str]]:
        return self.flaws


class AlreadyThere(Refused):
    code = "already_exists"
    message = _("A paper of this kind with this number already waits for review.")


explain("paper_waits_once", code=AlreadyThere.code, message=AlreadyThere.message, field="number")


class NotReplaceable(Refused):
    code = "not_replaceable"
    message = _("Only a verified or returned paper of the same kind can be replaced.")


class PaperOver(Refused):
    code = "paper_over"
    message = _("It ended on %(day)s: return it, or wait for a newer one.")


class BadObjections(refusals.BadReasons):
    """The objections do not say what the merchant must do."""

    sentences = {
        "unknown_reason_field": _("A paper has no field of this name."),
        "duplicate_reason": _("This field has a reason already."),
    }


@dataclass(frozen=True)
class NewPaper:
    """A paper of the actor's organisation as it was entered. The file is what was uploaded, or one that is there already."""

    kind: str
    number: str
    issuer: str
    from_date: date
    until_date: date | None
    actor: User
    at: datetime
    data: bytes = b""
    file_name: str = ""
    file: StoredFile | None = None
    brand: str = ""
    granted_by: str = ""
    chain_level: int | None = None
    scope: str = Scope.SHOP
    categories: Sequence[Category] = field(default=())
    products: Sequence[Product] = field(default=())
    replaces: QualificationPaper | None = None


@transaction.atomic
def enter(papers: Sequence[NewPaper]) -> list[QualificationPaper]:
    """Enter papers for review, all or none.

    :raises BadPaper: with every flaw of the first that has one
    :raises AlreadyThere: if one with this kind and number waits already
    :raises NotReplaceable: if what it shall replace is of another kind, waits, or is replaced already
    :raises Refused: what ``files.store`` refuses of the file
    """
    made = []
    for place, one in enumerate(papers):
        with at_place(place):
            made.append(_entered(one))
    shown = ("kind", "number", "issuer", "brand", "scope", "from_date", "until_date", "sha256")
    announce_each(
        [News("qualification.paper.entered", row, first(row, *shown), one.at, one.actor) for row, one in zip(made, papers, strict=True)]
    )
    return made


def _entered(one: NewPaper) -> QualificationPaper:
    number = _checked(one)
    if one.replaces is not None:
        _check_replaced(one, one.replaces)
    file = one.file or _stored(one)
    is_branded = one.kind in BRANDED
    scope = one.scope if is_branded else Scope.CATEGORIES if one.kind == PaperKind.FOOD_LICENCE else Scope.SHOP
    codes = [category.code for category in one.categories] if is_branded else list(FOOD)
    row = QualificationPaper(
        merchant_id=one.actor.organisation_id,
        kind=one.kind,
        number=number,
        issuer=one.issuer,
        brand=one.brand,
        granted_by=one.granted_by,
        chain_level=one.chain_level,
        scope=scope,
        categories=codes if scope == Scope.CATEGORIES else [],
        from_date=one.from_date,
        until_date=one.until_date,
        file=file,
        sha256=file.sha256,
        entered_by=one.actor,
        entered_at=one.at,
        replaces=one.replaces,
    )
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if constraint_of(error) == "paper_waits_once":
            raise AlreadyThere(field="number") from None
        raise
    if scope == Scope.PRODUCTS:
        PaperProduct.objects.bulk_create(PaperProduct(paper=row, product=product, merchant_id=row.merchant_id) for product in one.products)
    return row


def _checked(one: NewPaper) -> str:
    """Return the number as it is kept.

    :raises BadPaper: with everything that is wrong
    """
    flaws: list[tuple[str, str]] = []
    number = ""
    try:
        number = paper_number(one.kind, one.number, holder_code=one.actor.organisation.credit_code)
    except Invalid as found:
        flaws.append(("number", found.code))
        words = {found.code: sentence(found.code, found.params)}
    else:
        words = {}
    if not number and not flaws:
        flaws.append(("number", "required"))
    if one.until_date is not None and one.until_date < one.from_date:
        flaws.append(("until_date", "ends_before_it_begins"))
    elif one.until_date is not None and one.until_date < _day(one.at):
        flaws.append(("until_date", "already_over"))
    if not one.data and one.file is None:
        flaws.append(("file", "required"))
    if one.file is not None and (one.file.organisation_id != one.actor.organisation_id or one.file.media_type not in DOCUMENTS):
        flaws.append(("file", "not_a_document_of_yours"))
    flaws += _brand_flaws(one)
    if flaws:
        raise BadPaper([(name, code, words.get(code) or str(BadPaper.MESSAGES[code])) for name, code in flaws])
    return number


def _day(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()


def _brand_flaws(one: NewPaper) -> list[tuple[str, str]]:
    if one.kind not in BRANDED:
        filled = [name for name in ("brand", "granted_by", "chain_level") if getattr(one, name)]
        return [(name, "not_for_this_kind") for name in filled]
    flaws = [] if one.brand.strip() else [("brand", "required")]
    if one.kind == PaperKind.BRAND_AUTHORISATION:
        flaws += [(name, "required") for name in ("granted_by", "chain_level") if not getattr(one, name)]
    chosen: Mapping[str, Sequence[object]] = {Scope.CATEGORIES: one.categories, Scope.PRODUCTS: one.products}
    if one.scope in chosen and not chosen[one.scope]:
        flaws.append((str(one.scope), "covers_nothing"))
    return flaws


def _check_replaced(one: NewPaper, old: QualificationPaper) -> None:
    replaceable = old.state in (PaperState.VERIFIED, PaperState.RETURNED)
    if old.merchant_id != one.actor.organisation_id or old.kind != one.kind or not replaceable:
        raise NotReplaceable(field="replaces")


def _stored(one: NewPaper) -> StoredFile:
    return store(
        organisation=one.actor.organisation,
        uploaded_by=one.actor,
        data=one.data,
        shown_name=one.file_name,
        at=one.at,
        accept=DOCUMENTS,
        field="file",
    )


@transaction.atomic
def verify(paper_ids: Sequence[int], *, actor: User, at: datetime) -> list[QualificationPaper]:
    """Say that papers are what they say. What they replace ends with the day they begin; stops for want of them are lifted at once.

    :raises WrongState, OwnWork: of the first that the actor may not decide; then none is verified
    :raises PaperOver: if one has ended meanwhile
    """
    papers = _decidable(paper_ids, PaperState.VERIFIED, actor)
    for place, paper in enumerate(papers):
        with at_place(place):
            if paper.until_date is not None and paper.until_date < _day(at):
                raise PaperOver(day=paper.until_date.isoformat())
    told = []
    for paper in papers:
        changes = change(paper, state=PaperState.VERIFIED, decided_by_id=actor.pk, decided_at=at)
        told.append(News("qualification.paper.verified", paper, changes, at, actor, {"paper_id": paper.pk}))
    update_each(papers, ["state", "decided_by", "decided_at"])
    announce_each(told)
    replace_begun(papers, at=at)
    settle_stops(sorted({paper.merchant_id for paper in papers}), at=at)
    return papers


@transaction.atomic
def send_back(*, paper_id: int, objections: Sequence[Objection], actor: User, at: datetime) -> QualificationPaper:
    """Return a paper to the merchant; every reason stands beside its field. A better one is entered anew.

    :raises BadObjections: if none is given, or one points at nothing
    :raises WrongState, OwnWork: if the actor may not decide it now
    """
    paper = _decidable([paper_id], PaperState.RETURNED, actor)[0]
    place, code = rules.flaw(objections)
    if code:
        raise BadObjections(place, code)
    given = [{"field": one.field, "code": one.code, "words": one.words} for one in objections]
    changes = change(paper, state=PaperState.RETURNED, decided_by_id=actor.pk, decided_at=at, objections=given)
    paper.save(update_fields=["state", "decided_by", "decided_at", "objections"])
    announce("qualification.paper.returned", actor=actor, at=at, subject=paper, changes=changes, paper_id=paper.pk)
    return paper


def _decidable(paper_ids: Sequence[int], to: PaperState, actor: User) -> list[QualificationPaper]:
    found = QualificationPaper.objects.select_for_update().filter(pk__in=paper_ids).order_by("pk").in_bulk()
    papers = [found[number] for number in paper_ids]
    for place, paper in enumerate(papers):
        with at_place(place):
            if to not in PAPER_NEXT[PaperState(paper.state)]:
                raise WrongState(state=paper.get_state_display())
            if actor.organisation_id == paper.merchant_id or actor.pk == paper.entered_by_id:
                raise OwnWork
    return papers

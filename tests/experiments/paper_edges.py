"""The edges of merchants' papers and entries: a row that stands before each, and the action that takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from assurance.qualification import actions
from assurance.qualification.models import ProgrammeEntry, QualificationPaper
from assurance.qualification.objections import Objection
from assurance.roles import Kind, Role
from tests import factories, papers
from tests.experiments.races import Edge
from tests.factories import NOON

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from tests.experiments.edges import Cast

PAPER = "assurance.qualificationpaper.state"
ENTRY = "assurance.programmeentry.state"
UNREADABLE = [Objection("file", "unreadable")]


def paper_edges(cast: Cast, again: Any) -> list[Edge]:
    papers.load_rules()

    def entered() -> QualificationPaper:
        return papers.entered(cast.amal)

    def succeeded() -> QualificationPaper:
        """A paper whose successor is verified and has begun meanwhile."""
        old = papers.verified(cast.amal, cast.dana)
        papers.verified(cast.amal, cast.dana, replaces=old, from_date=papers.TODAY + papers.DAY)
        return old

    def verify(pk: int) -> object:
        return actions.verify([pk], actor=again(cast.dana), at=NOON)

    def send_back(pk: int) -> object:
        return actions.send_back(paper_id=pk, objections=UNREADABLE, actor=again(cast.dana), at=NOON)

    def replace(pk: int) -> None:
        successors = list(QualificationPaper.objects.filter(replaces_id=pk))
        if not actions.replace_begun(successors, at=NOON + papers.DAY):
            from tests.experiments.edges import Lost

            raise Lost

    return [
        Edge(PAPER, "entered", "verified", entered, verify),
        Edge(PAPER, "entered", "returned", entered, send_back),
        Edge(PAPER, "verified", "replaced", succeeded, replace),
        *_entry_edges(cast, again),
    ]


def _entry_edges(cast: Cast, again: Any) -> list[Edge]:
    def applied() -> ProgrammeEntry:
        owner: User = factories.user(Role.MERCHANT_OWNER, factories.organisation(Kind.MERCHANT))
        return actions.apply([actions.Applying(owner, NOON)])[0]

    def admitted() -> ProgrammeEntry:
        return actions.admit([actions.Deciding(applied().pk, "seen")], actor=cast.dana, at=NOON)[0]

    def admit(pk: int) -> object:
        return actions.admit([actions.Deciding(pk, "seen")], actor=again(cast.dana), at=NOON)

    def refuse(pk: int) -> object:
        return actions.refuse([actions.Deciding(pk, "no")], actor=again(cast.dana), at=NOON)

    def clear_out(pk: int) -> object:
        merchant_id = ProgrammeEntry.objects.values_list("merchant_id", flat=True).get(pk=pk)
        return actions.clear_out(merchant_id=merchant_id, reason="fakes", actor=again(cast.eve), at=NOON)

    return [
        Edge(ENTRY, "applied", "admitted", applied, admit),
        Edge(ENTRY, "applied", "refused", applied, refuse),
        Edge(ENTRY, "admitted", "cleared_out", admitted, clear_out),
    ]

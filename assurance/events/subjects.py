"""What the audit trail calls the rows it speaks of, and how their columns and values read.

The log keeps tables, columns, numbers and codes, so that it stays true when names change. A reader wants names. Everything the
entries of one page refer to is read at once: one query per table, only rows the reader may see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from typing import TYPE_CHECKING, Any, Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from assurance.access import may
from assurance.column_words import WORDS as COLUMNS
from assurance.events.wording import FIELDS
from assurance.roles import SEES_ALL
from assurance.sentences import retold
from assurance.templatetags.ui import NOTHING, in_words, seen_by

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from assurance.events.models import Event
    from assurance.roles import Person

Key = tuple[str, int]
"""A row: its table as ``app.model``, and its number."""


@dataclass(frozen=True)
class Subject:
    """A table as the trail names it: the noun, the path to what a row is called, the page of a row.

    Without ``name`` a row is called by its number. ``by`` is the path to what the page's address wants.
    """

    noun: Promise
    name: str = ""
    route: str = ""
    by: str = "pk"
    related: tuple[str, ...] = ()


PERSON: Final = "assurance.user"
SUBJECTS: Final[Mapping[str, Subject]] = {
    "aftersales.buyerreview": Subject(_("review")),
    "aftersales.case": Subject(_("case"), "code", "cases:show"),
    "aftersales.casedecision": Subject(_("decision on a case"), "", "cases:show", by="case_id"),
    "aftersales.caserating": Subject(_("rating of a case"), "", "cases:show", by="case_id"),
    "aftersales.inquiry": Subject(_("buyer's request")),
    "aftersales.remedy": Subject(_("remedy"), "kind", "cases:show", by="case_id"),
    "aftersales.signalswitch": Subject(_("rule"), "rule", "signals:list", by=""),
    "assurance.acceptance": Subject(_("acceptance of the agreement")),
    "assurance.agreement": Subject(_("agreement"), "version"),
    "assurance.apikey": Subject(_("API key"), "name"),
    "assurance.badge": Subject(_("badge"), "lot_number", "badges:verify", by="code"),
    "assurance.tag": Subject(_("badge of a product or shop"), "code", "badges:verify", by="code"),
    "assurance.catalogentry": Subject(_("entry of the catalogue"), "shown_name", "catalog:show"),
    "assurance.category": Subject(_("category"), "name", "categories:show", by="code"),
    "assurance.categoryversion": Subject(_("version of a category"), "label", "categories:version"),
    "assurance.checkpoint": Subject(_("signed head of the log"), "size", "evidence:log", by=""),
    "assurance.claim": Subject(_("claim"), "text", "claims:show"),
    "assurance.claimevidence": Subject(_("evidence of a claim"), "", "claims:show", by="claim_id"),
    "assurance.claimfinding": Subject(_("finding about a claim"), "", "claims:show", by="claim_id"),
    "assurance.claimstatus": Subject(_("status of a claim"), "", "claims:show", by="claim_id"),
    "assurance.certificate": Subject(_("certificate"), "number", "certificates:show"),
    "assurance.certificateconflict": Subject(_("conflict about a certificate"), "code", "certificates:conflict"),
    "assurance.clearance": Subject(_("clearance")),
    "assurance.creditnote": Subject(_("credit note"), "code", "fees:dispute", by="dispute_id"),
    "assurance.dispute": Subject(_("dispute"), "code", "fees:dispute"),
    "assurance.feeline": Subject(_("fee line"), "label", "fees:line"),
    "assurance.operation": Subject(_("metered operation")),
    "assurance.posting": Subject(_("posting")),
    "assurance.rate": Subject(_("rate"), "label", "fees:cards", by=""),
    "assurance.ratecard": Subject(_("rate card"), "title", "fees:cards", by=""),
    "assurance.ratingdue": Subject(_("operation without a price")),
    "assurance.statement": Subject(_("statement"), "code", "fees:statement"),
    "assurance.enrolment": Subject(_("enrolment"), "number", "enrollment:show"),
    "assurance.entryrules": Subject(_("entry rules"), "version", "qualification:rules", by=""),
    "assurance.evidenceentry": Subject(_("evidence entry")),
    "assurance.fact": Subject(_("fact")),
    "assurance.invitation": Subject(_("invitation")),
    "assurance.job": Subject(_("job"), "handler", "events:jobs", by=""),
    "assurance.organisation": Subject(_("organisation"), "name"),
    "assurance.product": Subject(_("product"), "shown_name", "products:show"),
    "assurance.productimport": Subject(_("product file"), "file_name", "imports:show"),
    "assurance.programmeentry": Subject(_("entry into the programme"), "code", "qualification:show", by=""),
    "assurance.qualificationpaper": Subject(_("paper"), "code", "qualification:paper"),
    "assurance.run": Subject(_("import or export"), "", "runs:show"),
    "assurance.selectionlist": Subject(_("list"), "name", "catalog:list"),
    "assurance.signinattempt": Subject(_("sign-in attempt")),
    "assurance.stop": Subject(_("stop")),
    "assurance.storedfile": Subject(_("file"), "shown_name", "files:show"),
    "assurance.talksheetshown": Subject(_("talk-sheet"), "", "catalog:kept-sheet"),
    PERSON: Subject(_("member"), "name", "accounts:member"),
    "logistics.courierservice": Subject(_("courier service"), "name", "couriers:show"),
    "logistics.origin": Subject(_("place of a warehouse")),
    "logistics.priceversion": Subject(_("price list"), "name", "couriers:show", by="service_id"),
    "logistics.waybill": Subject(_("waybill"), "code", "tracking:show"),
    "qc.checkedgoods": Subject(_("checked goods")),
    "qc.checkphoto": Subject(_("photo of a check")),
    "qc.inspectionphoto": Subject(_("photo of a return inspection")),
    "warehouse.returnphoto": Subject(_("photo of a return")),
    "qc.checklist": Subject(_("checklist"), "version"),
    "qc.dayofchecks": Subject(_("day of checks")),
    "qc.nonconformance": Subject(_("non-conformance"), "code", "nonconformance:show"),
    "qc.nonconformancephoto": Subject(_("photo of a non-conformance")),
    "qc.correctiveaction": Subject(_("corrective action"), "code", "quality:show"),
    "qc.disposition": Subject(_("decision on failed goods"), "code", "nonconformance:show", by="non_conformance_id"),
    "qc.dispositionmove": Subject(_("step of a decision on failed goods")),
    "qc.checkshare": Subject(_("share of checks")),
    "qc.parceldraw": Subject(_("draw of a parcel"), "", "orders:parcel", by="parcel_id"),
    "qc.outboundcheck": Subject(_("outbound check"), "code", "checks:show"),
    "qc.returndisposition": Subject(_("decision on a returned unit"), "", "returned:show", by="unit_id"),
    "qc.returninspection": Subject(_("return inspection"), "code", "returned:show", by="unit_id"),
    "qc.defectkind": Subject(_("defect"), "name"),
    "qc.drawround": Subject(_("draw"), "code", "labs:round"),
    "qc.labscope": Subject(_("accreditation"), "accreditation", "labs:scopes", by=""),
    "qc.labtest": Subject(_("laboratory test"), "name"),
    "qc.labtie": Subject(_("closeness of a laboratory")),
    "qc.sample": Subject(_("sample"), "code", "labs:show"),
    "qc.pointsanswered": Subject(_("answers to a checklist"), "", "inspections:show", by="inspection_id"),
    "qc.benchphoto": Subject(_("photo of an inspection")),
    "qc.classseverity": Subject(_("severity of inspection")),
    "qc.severityswitch": Subject(_("switch of severity")),
    "qc.inspection": Subject(_("inspection"), "code", "inspections:show"),
    "warehouse.returnparcel": Subject(_("return"), "code", "returns:show"),
    "warehouse.returnunit": Subject(_("returned unit"), "code", "returned:show"),
    "warehouse.allocation": Subject(_("allocation")),
    "warehouse.bin": Subject(_("bin"), "code", "stock:bins", by=""),
    "warehouse.binmove": Subject(_("move between bins"), "lot.number", "stock:show", by="lot_id", related=("lot",)),
    "warehouse.discrepancy": Subject(_("discrepancy"), "code", "inbound:discrepancy"),
    "warehouse.countline": Subject(_("line of a count"), "lot.number", "stock:count", by="count_id", related=("lot",)),
    "warehouse.cyclecount": Subject(_("count"), "code", "stock:count"),
    "warehouse.endinglot": Subject(_("lot near its end"), "lot.number", "stock:show", by="lot_id", related=("lot",)),
    "warehouse.liferule": Subject(_("rule of remaining life"), "pk", "stock:life-rules", by=""),
    "warehouse.lot": Subject(_("lot"), "number", "stock:show"),
    "warehouse.order": Subject(_("order"), "number", "orders:show"),
    "warehouse.parcel": Subject(_("parcel"), "code", "orders:parcel"),
    "warehouse.receipt": Subject(_("receipt"), "lot.number", "stock:show", by="lot_id", related=("lot",)),
    "warehouse.shipmentline": Subject(_("shipment line"), "lot_number", "inbound:show", by="notice_id"),
    "warehouse.shipmentnotice": Subject(_("shipment notice"), "code", "inbound:show"),
    "warehouse.weightdeviation": Subject(_("weight that stops"), "parcel.code", "orders:parcel", by="parcel_id", related=("parcel",)),
    "warehouse.wave": Subject(_("wave"), "code", "orders:wave"),
    "warehouse.stockmove": Subject(_("stock move"), "lot.number", "stock:show", by="lot_id", related=("lot",)),
}
REVIEWERS_PAGE: Final = {"enrollment:show": "enrollment:review"}
"""Where the platform finds what the merchant finds elsewhere."""
NAMED_TO_ALL: Final = frozenset({PERSON, "assurance.organisation"})
NUMBERS: Final = {"lot": "warehouse.lot", "product": "assurance.product", "shared_with": "assurance.organisation"}
"""Names in ``changes`` that are numbers of rows without being foreign keys."""
VALUES: Final[Mapping[tuple[str, str], Mapping[str, Promise]]] = {
    ("assurance.evidenceentry", "kind"): {
        "claim_status": _("status of a claim"),
        "inspection_verdict": _("verdict of an inspection"),
        "lab_publication": _("laboratory result published"),
        "lab_draw_committed": _("commitment to a draw"),
        "lab_draw_made": _("draw of lots"),
        "chains_anchored": _("chains of all products anchored"),
        "deliveries": _("deliveries of a day"),
        "outbound_checks": _("outbound checks of a day"),
        "return_graded": _("returned unit graded"),
        "badge_issued": _("badge issued"),
        "badge_revoked": _("badge revoked"),
        "enrolment_approved": _("enrolment approved"),
        "enrolment_withdrawn": _("enrolment withdrawn"),
        "enrolment_expired": _("enrolment expired"),
        "case_confirmed": _("complaint confirmed"),
        "certificate_verified": _("certificate verified"),
        "certificate_suspended": _("certificate suspended"),
        "certificate_withdrawn": _("certificate withdrawn"),
    },
    ("assurance.fact", "name"): {
        "sellable_units": _("units that can be sold"),
        "lab_demanded": _("laboratory result demanded"),
        "lab_result": _("laboratory result"),
        "return_rate": _("share of shipped units that came back"),
        "return_grade_a": _("share of returns graded A"),
        "return_grade_b": _("share of returns graded B"),
        "return_grade_c": _("share of returns graded C"),
        "return_grade_d": _("share of returns graded D"),
        "defect_rate": _("share of defective units"),
        "case_rate": _("confirmed cases per parcel"),
        "paid_to_pickup_24h": _("share of orders picked up within 24 hours of payment"),
        "service_satisfied": _("share of buyers satisfied with the service"),
    },
    ("assurance.run", "kind"): {
        "products_export": _("Product export"),
        "products_check": _("Check of a product file"),
        "products_import": _("Product import"),
    },
    ("assurance.stop", "code"): {
        "inspection_rejected": _("inspection not accepted"),
        "inspection_suspended": _("inspection suspended"),
        "lab_failed": _("failed in the laboratory"),
        "complaints": _("complaints of buyers"),
        "case_safety": _("complaint about safety"),
        "paper_business_licence": _("business licence ended"),
        "paper_food_licence": _("food business licence ended"),
        "paper_brand_authorisation": _("brand authorisation ended"),
        "paper_trademark": _("trademark registration ended"),
        "cleared_out": _("cleared out of the programme"),
        "certificate_lapsed": _("certificate no longer holds"),
    },
    ("warehouse.lot", "reason"): {
        "accepted": _("inspection accepted"),
        "rejected": _("inspection not accepted"),
        "stopped": _("accepted, but a stop is open"),
    },
}
"""Codes in columns without choices, in words; a code that is new here shows itself."""


@dataclass(frozen=True)
class Change:
    """One column that changed, in words."""

    name: str
    before: str
    after: str

    @property
    def is_first(self) -> bool:
        """Whether the column was empty before, or is told only for context: then its value alone is worth saying."""
        return self.before in (NOTHING, self.after)


@dataclass
class Rows:
    """The rows that a page of the trail refers to, read at once."""

    reader: Person
    found: dict[Key, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event], reader: Person, *, tables: Container[str] | None = None) -> Rows:
        """Read what these events refer to, in these tables or in all. One query per table."""
        keys = (key for event in events for key in references(event))
        return cls.at((key for key in keys if tables is None or key[0] in tables), reader)

    @classmethod
    def at(cls, keys: Iterable[Key], reader: Person) -> Rows:
        """Read these rows, as far as the reader may see them. One query per table."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for label, number in keys:
            wanted[label].add(number)
        rows = cls(reader)
        for label, numbers in wanted.items():
            rows.found |= {(label, row.pk): row for row in _readable(label, reader).filter(pk__in=numbers)}
        return rows

    def name(self, key: Key) -> str:
        """Return what a row is called; its number if the reader may not see it or it has no name."""
        subject, row = SUBJECTS.get(key[0]), self.found.get(key)
        if row is None or subject is None or not subject.name:
            return f"#{key[1]}"
        return seen_by(row, self.reader) if key[0] == PERSON else str(_along(row, subject.name))

    def noun(self, key: Key) -> str:
        """Return what rows of its table are called; the table's own name if it has no word."""
        return str(SUBJECTS[key[0]].noun) if key[0] in SUBJECTS else key[0]

    def url(self, key: Key) -> str:
        """Return the page of a row, or nothing if it has none that the reader may open."""
        subject, row = SUBJECTS.get(key[0]), self.found.get(key)
        if row is None or subject is None or not subject.route:
            return ""
        of_platform = getattr(self.reader, "role", "") in SEES_ALL
        route = REVIEWERS_PAGE.get(subject.route, subject.route) if of_platform else subject.route
        return reverse(route, args=[_along(row, subject.by)] if subject.by else []) if may(self.reader, route) else ""

    def changes(self, event: Event) -> list[Change]:
        """Return what changed, in words, without what the reader's role may not see."""
        return [
            Change(column_word(event.subject_kind, name), self._value(event, name, before), self._value(event, name, after))
            for name, (before, after) in event.changes_for(self.reader).items()
        ]

    def _value(self, event: Event, name: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return NOTHING
        label = reference_of(event, name)
        if label and isinstance(value, int):
            return self.name((label, value))
        return value_in_words(event.subject_kind, name, value)


def references(event: Event) -> Iterable[Key]:
    """Yield the rows that an event refers to: its subject, and the rows among its values."""
    yield event.subject_kind, event.subject_id
    if event.actor_id:
        yield PERSON, event.actor_id
    for name, pair in event.changes.items():
        label = reference_of(event, name)
        yield from ((label, value) for value in pair if label and isinstance(value, int) and not isinstance(value, bool))


def reference_of(event: Event, name: str) -> str:
    """Return the table that a column's numbers refer to, or nothing."""
    if name == "subject":
        kinds = [kind for kind in event.changes.get("subject_kind", []) if kind]
        return NUMBERS.get(kinds[-1], "") if kinds else ""
    column = column_of(event.subject_kind, name)
    if isinstance(column, models.ForeignKey):
        return str(column.related_model._meta.label_lower)
    return NUMBERS.get(name, "")


def column_of(label: str, name: str) -> models.Field[Any, Any] | None:
    """Return the subject's column that a change is about; ``changes`` writes numbers of rows without ``_id``."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        return None
    for one in (name, f"{name}_id"):
        try:
            found = model._meta.get_field(one)
        except FieldDoesNotExist:
            continue
        return found if isinstance(found, models.Field) else None
    return None


def column_word(label: str, name: str) -> str:
    """Return what a column is called in the language that is active now; one without a word keeps its name."""
    column = column_of(label, name)
    own = getattr(column, "_verbose_name", None)
    return str(FIELDS.get(name) or COLUMNS.get(name) or own or COLUMNS.get(f"{name}_id") or name)


def value_in_words(label: str, name: str, value: Any) -> str:
    """Return a value as people read it: labels of choices, moments in the reader's zone, no personal data."""
    column = column_of(label, name)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | dict):
        return _of_many(value)
    if not isinstance(value, str):
        return str(value)
    if value.startswith("sha256:"):
        return gettext("not shown")
    word = dict(getattr(column, "flatchoices", ())).get(value) or VALUES.get((label, name), {}).get(value)
    if word:
        return str(word)
    if isinstance(column, models.DateField):
        return _day_or_moment(value)
    return retold(value)


def _of_many(value: list[Any] | dict[str, Any]) -> str:
    """Return a short list in full, a long or deep one by its length."""
    if isinstance(value, list) and len(value) <= 6 and all(isinstance(one, str | int) for one in value):
        return pgettext("between items", ", ").join(map(str, value))
    return ngettext("%(n)s entry", "%(n)s entries", len(value)) % {"n": f"{len(value):,}"}


def _day_or_moment(value: str) -> str:
    try:
        read = datetime.fromisoformat(value) if len(value) > len("2026-11-20") else date.fromisoformat(value)
    except ValueError:
        return value
    if isinstance(read, datetime):
        return in_words(timezone.localtime(read), "short", timezone.localdate())
    return in_words(read, "day", timezone.localdate())


def _readable(label: str, reader: Person) -> models.QuerySet[Any]:
    """Return the rows of a table that the reader may see; all of one that has no owners, such as the catalogue.

    Who took part in what the reader may know is no secret to him: people are named masked, organisations in full, both without a link.
    """
    try:
        rows = apps.get_model(label)._default_manager.all()
    except (LookupError, ValueError):
        return apps.get_model(PERSON)._default_manager.none()
    subject = SUBJECTS.get(label)
    if label not in NAMED_TO_ALL and hasattr(rows, "visible_to"):
        rows = rows.visible_to(reader)
    return rows.select_related(*subject.related) if subject and subject.related else rows


def _along(row: Any, path: str) -> Any:
    return reduce(getattr, path.split("."), row)

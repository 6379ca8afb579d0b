"""No state leaves its lifecycle, whoever writes: the database holds the same edges as the code."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, connection, transaction

from aftersales.cases import lifecycle as cases
from assurance.badges import lifecycle as tags
from assurance.certificates import lifecycle as certificates
from assurance.enrollment import lifecycle as enrolment
from assurance.enrollment.models import Enrolment
from assurance.events import lifecycle as jobs
from assurance.fees import lifecycle as fees
from assurance.imports import lifecycle as imports
from assurance.products import lifecycle as categories
from assurance.qualification import lifecycle as papers
from assurance.runs import lifecycle as runs
from logistics.dispatch import lifecycle as waybills
from qc.inspections import lifecycle as inspections
from qc.labs import lifecycle as samples
from qc.nonconformance import lifecycle as nonconformance
from qc.quality import lifecycle as quality
from tests import enrolments
from tests.factories import NOON
from warehouse.inbound import lifecycle as notices
from warehouse.orders import lifecycle as orders
from warehouse.returns import lifecycle as returns
from warehouse.stock import lifecycle as stock

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).resolve().parents[2]
APPS = ("assurance", "warehouse", "qc", "logistics", "aftersales")
EDGES: dict[str, Mapping[Any, frozenset[Any]]] = {
    "aftersales_case.state": cases.NEXT,
    "aftersales_casedecision.state": cases.DECISION_NEXT,
    "aftersales_remedy.state": cases.REMEDY_NEXT,
    "assurance_categoryversion.state": categories.NEXT,
    "assurance_certificate.state": certificates.NEXT,
    "assurance_certificateconflict.state": certificates.CONFLICT_NEXT,
    "assurance_dispute.state": fees.DISPUTE_NEXT,
    "assurance_enrolment.state": enrolment.NEXT,
    "assurance_job.state": jobs.NEXT,
    "assurance_productimport.state": imports.NEXT,
    "assurance_programmeentry.state": papers.ENTRY_NEXT,
    "assurance_qualificationpaper.state": papers.PAPER_NEXT,
    "assurance_run.state": runs.NEXT,
    "assurance_tag.state": tags.NEXT,
    "assurance_statement.state": fees.STATEMENT_NEXT,
    "logistics_waybill.state": waybills.NEXT,
    "qc_classseverity.severity": inspections.SEVERITY_NEXT,
    "qc_inspection.state": inspections.NEXT,
    "qc_nonconformance.state": nonconformance.NEXT,
    "qc_correctiveaction.state": quality.NEXT,
    "qc_disposition.state": nonconformance.DISPOSITION_NEXT,
    "qc_sample.state": samples.NEXT,
    "warehouse_allocation.state": orders.ALLOCATION_NEXT,
    "warehouse_cyclecount.state": stock.COUNT_NEXT,
    "warehouse_endinglot.state": stock.END_NEXT,
    "warehouse_order.state": orders.NEXT,
    "warehouse_wave.state": orders.WAVE_NEXT,
    "warehouse_weightdeviation.state": orders.WEIGHT_NEXT,
    "warehouse_parcel.state": orders.PARCEL_NEXT,
    "warehouse_returnparcel.state": returns.NEXT,
    "warehouse_returnunit.state": returns.UNIT_NEXT,
    "warehouse_discrepancy.state": notices.DISCREPANCY_NEXT,
    "warehouse_shipmentnotice.state": notices.NEXT,
}
GUARDS = """
SELECT c.relname, t.tgargs FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.proname = 'refuse_unknown_edge'
"""


def guarded() -> dict[str, dict[str, list[str]]]:
    with connection.cursor() as cursor:
        cursor.execute(GUARDS)
        rows = [(table, *bytes(arguments).decode().split("\0")[:2]) for table, arguments in cursor.fetchall()]
    return {f"{table}.{column}": json.loads(edges) for table, column, edges in rows}


def written(edges: Mapping[Any, frozenset[Any]]) -> dict[str, list[str]]:
    """Return a lifecycle as the triggers hold it: staying where one is needs no edge."""
    return {str(state): sorted(str(one) for one in after if one != state) for state, after in edges.items()}


@pytest.mark.promise("G5")
class TestTheEdgesInTheDatabase:
    def test_are_those_of_the_code(self, db):
        assert guarded() == {column: written(edges) for column, edges in EDGES.items()}

    def test_cover_every_lifecycle_of_the_house(self):
        found = {
            id(table)
            for app in APPS
            for path in (ROOT / app).glob("*/lifecycle.py")
            for name, table in vars(importlib.import_module(f"{app}.{path.parent.name}.lifecycle")).items()
            if name.endswith("NEXT")
        }

        assert found == {id(edges) for edges in EDGES.values()}

    def test_refuse_a_step_that_goes_round_the_actions(self, db, amal, dana):
        enrolments.load_categories()
        over = enrolments.rejected(amal, dana)

        with pytest.raises(IntegrityError, match="assurance_enrolment.state does not go from rejected to draft"), transaction.atomic():
            Enrolment.objects.filter(pk=over.pk).update(state="draft")

        assert Enrolment.objects.get(pk=over.pk).state == "rejected"

    def test_let_what_stays_stay(self, db, amal):
        enrolments.load_categories()
        draft = enrolments.draft(amal)

        assert Enrolment.objects.filter(pk=draft.pk).update(state="draft", created_at=NOON) == 1

"""Everything that is announced has words, and whatever stands in the trail reads like a sentence to its reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest
from django.apps import apps
from django.utils import translation

from assurance.enrollment.history import HISTORY
from assurance.events.forms import FAMILIES
from assurance.events.registry import HANDLERS
from assurance.events.subjects import SUBJECTS, column_word, value_in_words
from assurance.events.wording import WORDS, words
from assurance.gates.models import Verdict
from assurance.runs.lifecycle import RunState
from assurance.states import COMPUTED, STATES
from warehouse.orders.lifecycle import OrderState

ROOT: Final = Path(__file__).resolve().parents[3]
APPS: Final = ("assurance", "warehouse", "qc", "logistics", "aftersales")
A_KIND: Final = re.compile(rf"(?:{'|'.join(FAMILIES)})\.[a-z_]+\.[a-z_]+")
A_BEGINNING: Final = re.compile(rf"(?:{'|'.join(FAMILIES)})\.[a-z_]+\.")
VERBS: Final = {"tell": 0, "move": 2}
"""Functions of the enrolment that are given only the verb, and at which place."""
BUILT: Final = {
    "accounts.second_factor.": {"added", "removed", "codes_made", "failed"},
    "gates.clearance.": set(Verdict.values),
    "runs.run.": set(RunState) - {RunState.WAITING},
    "warehouse.order.": set(OrderState) - {OrderState.PAID},
}
"""Kinds that are put together, by their beginning."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if "/migrations/" not in name and not name.endswith(("assurance/states.py", "events/wording.py", "urls.py")):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield every constant text, and of a text that is put together its beginning followed by ``*``."""
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value
        elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield f"{node.values[0].value}*"


def kinds_in(tree: ast.AST) -> set[str]:
    """Return the kinds of events that a module can announce."""
    found = set()
    for text in texts(tree):
        if A_KIND.fullmatch(text) and text not in HANDLERS:
            found.add(text)
        elif text.endswith("*") and A_BEGINNING.fullmatch(text[:-1]) and text[:-1] != "enrollment.enrolment.":
            found |= {text[:-1] + end for end in BUILT.get(text[:-1], {"?"})}
    return found


def verbs_in(tree: ast.AST) -> set[str]:
    """Return what the enrolment's actions announce: its own functions put the kind together from a verb."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in VERBS]
    given = [call.args[VERBS[call.func.id]] for call in calls if len(call.args) > VERBS[call.func.id]]  # type: ignore[attr-defined]
    return {f"enrollment.enrolment.{one.value}" for one in given if isinstance(one, ast.Constant)}


STATE_COLUMNS: Final = {*STATES, *COMPUTED}


@cache
def announced() -> dict[str, set[str]]:
    """Return the kinds of events by the module that announces them."""
    return {
        name: (kinds_in(tree) | (verbs_in(tree) if name.startswith("assurance/enrollment/actions") else set())) - STATE_COLUMNS
        for name, tree in modules()
    }


class TestEveryKind:
    def test_that_the_code_announces_has_words(self) -> None:
        missing = {f"{name}: {kind}" for name, kinds in announced().items() for kind in kinds if kind not in WORDS}

        assert missing == set()

    def test_that_has_words_is_announced(self) -> None:
        assert WORDS.keys() - set().union(*announced().values()) == set()

    @pytest.mark.parametrize(
        "sin",
        [
            'announce("qc.lot.vanished", actor=None, at=at, subject=lot)',
            'kind = "qc.lot.vanished" if gone else "qc.lot.released"\nannounce(kind, subject=lot)',
            'announce_all([("qc.lot.vanished", lot, {}, {})], at=at)',
            '_tell("qc.lot.vanished", lot)',
            'announce(f"qc.lot.{verb}", subject=lot)',
        ],
    )
    def test_without_words_would_be_caught(self, sin: str) -> None:
        assert kinds_in(ast.parse(sin)) - WORDS.keys() != set()

    def test_belongs_to_a_family_that_has_a_name(self) -> None:
        assert {kind.split(".")[0] for kind in WORDS} == FAMILIES.keys()

    @pytest.mark.row("P21.1")
    def test_reads_differently_in_chinese(self) -> None:
        with translation.override("en"):
            english = {kind: words(kind) for kind in WORDS}
        with translation.override("zh-hans"):
            assert [kind for kind in WORDS if words(kind) == english[kind]] == []

    def test_is_called_the_same_on_the_page_of_an_enrolment(self) -> None:
        with translation.override("zh-hans"):
            assert {kind: str(happened.title) for kind, happened in HISTORY.items()} == {kind: words(kind) for kind in HISTORY}

    def test_of_another_version_shows_its_name(self) -> None:
        assert words("qc.lot.vanished") == "qc.lot.vanished"


class TestEverySubject:
    def test_is_a_table_and_its_name_can_be_read(self) -> None:
        for label, subject in SUBJECTS.items():
            model = apps.get_model(label)
            assert hasattr(model, subject.name.split(".")[0] or "pk"), label
            assert hasattr(model, subject.by or "pk"), label

    def test_has_every_table_that_can_be_one(self) -> None:
        """Rows that only belong to another one, or that no person changes, are never the subject of an event."""
        never = {
            "aftersales.caseappeal",
            "aftersales.caselink",
            "aftersales.casemessage",
            "aftersales.diagnosis",
            "aftersales.signalfinding",
            "assurance.categoryconcern",
            "assurance.event",
            "assurance.fileshare",
            "assurance.heartbeat",
            "assurance.importflaw",
            "assurance.importpart",
            "assurance.productdraft",
            "assurance.idempotencykey",
            "assurance.logleaf",
            "assurance.lognode",
            "assurance.logplace",
            "assurance.logwaiting",
            "assurance.notice",
            "assurance.organisationalias",
            "assurance.paperproduct",
            "assurance.paperwarning",
            "assurance.productshare",
            "assurance.reviewreason",
            "assurance.runpart",
            "assurance.selection",
            "assurance.session",
            "assurance.enrolmentsubmission",
            "assurance.subjectsalt",
            "assurance.talksheet",
            "logistics.deliveredgoods",
            "logistics.deliveryday",
            "logistics.handover",
            "logistics.manifest",
            "logistics.priceband",
            "logistics.trackingevent",
            "assurance.certificateattachment",
            "assurance.coveredproduct",
            "assurance.expirynotice",
            "qc.drawcandidate",
            "qc.drawday",  # its draws are
            "qc.drawseed",
            "qc.inspectionseed",
            "qc.inspectedunit",
            "qc.labresult",
            "qc.promise",
            "qc.samplehandover",
            "qc.sampletest",
            "qc.verification",
            "warehouse.binbalance",
            "warehouse.packingrecord",  # its parcel is
            "warehouse.booking",
            "warehouse.orderline",
            "warehouse.parcelitem",
            "warehouse.recipient",
            "warehouse.slot",
            "warehouse.stockbalance",
        }
        ours = {model._meta.label_lower for app in APPS if apps.is_installed(app) for model in apps.get_app_config(app).get_models()}

        assert ours - never == SUBJECTS.keys()


def names_of_changes(tree: ast.AST) -> set[str]:
    """Return the columns that a module tells of by name: arguments of ``first`` and ``change``, keys of changes written out."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        if node.func.id == "first":
            found |= {arg.value for arg in node.args[1:] if isinstance(arg, ast.Constant)}
        if node.func.id == "change":
            found |= {keyword.arg for keyword in node.keywords if keyword.arg}
        for keyword in node.keywords:
            if node.func.id == "announce" and keyword.arg == "changes" and isinstance(keyword.value, ast.Dict):
                found |= {key.value for key in keyword.value.keys if isinstance(key, ast.Constant)}
    return {name.removesuffix("_id") for name in found}


class TestEveryColumn:
    @pytest.mark.row("P21.1")
    def test_that_the_code_tells_of_has_a_word_in_chinese(self) -> None:
        told = set().union(*(names_of_changes(tree) for _name, tree in modules()))
        with translation.override("zh-hans"):
            wordless = {
                name for name in told if not any(re.search(r"[㐀-鿿]|^(SKU|GTIN)$", column_word(label, name)) for label in SUBJECTS)
            }

        assert wordless == set()

    def test_without_a_word_would_be_caught(self) -> None:
        assert names_of_changes(ast.parse('first(lot, "number", "wombat_id")\nchange(lot, tapir=1)')) == {"number", "wombat", "tapir"}
        assert column_word("warehouse.lot", "wombat") == "wombat"


class TestAValue:
    @pytest.mark.parametrize(
        ("label", "name", "value", "shown"),
        [
            ("assurance.enrolment", "state", "needs_changes", "Needs changes"),
            ("assurance.user", "role", "qc_lead", "QC lead"),
            ("assurance.user", "is_active", True, "yes"),
            ("assurance.user", "email", "sha256:" + "0" * 64, "not shown"),
            ("assurance.enrolment", "decided_at", "2026-11-20T04:00:00+00:00", "20 Nov 12:00"),
            ("warehouse.lot", "expiry_date", "2029-11-04", "4 Nov 2029"),
            ("assurance.evidenceentry", "kind", "inspection_verdict", "verdict of an inspection"),
            ("qc.inspection", "units", {str(n): [] for n in range(1, 134)}, "133 entries"),
            ("assurance.apikey", "scopes", ["products:read", "lots:read"], "products:read, lots:read"),
            ("warehouse.stockmove", "quantity", 6000, "6000"),
            ("assurance.product", "price", "59.90", "59.90"),
            ("nothing.known", "x", "y", "y"),
        ],
    )
    def test_is_shown_as_people_read_it(self, label: str, name: str, value: object, shown: str, settings: object) -> None:
        with translation.override("en"):
            from django.utils import timezone

            with timezone.override("Asia/Shanghai"):
                assert value_in_words(label, name, value).replace(" 2026 ", " ") == shown

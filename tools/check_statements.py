"""Recompute statements from what they were worked out from; believe nothing that the platform computed.

    python tools/check_statements.py FILE

FILE is a bundle (``/fees/statements/<id>/bundle/`` or ``manage.py export_statements``): rates, and per statement its operations with
what was charged, the postings, the credit notes and the total. Standard library only; nothing of the platform is imported. Amounts are
counted in whole fen. Says what does not agree and returns 1; returns 0 when everything does.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))
"""China has kept one time without summer time since 1992."""
ACCOUNTS = {"receivable": 1, "revenue": -1}


class Wrong(Exception):
    """Something does not agree."""


def fen(written: str) -> int:
    """Return an amount in fen; more than two places are no amount."""
    found = Fraction(written) * 100
    if found.denominator != 1:
        raise Wrong(f"{written} is no amount in fen")
    return int(found)


def half_up(amount: Fraction) -> int:
    """Return yuan in fen, rounded half up."""
    return int((amount * 100 + Fraction(1, 2)) // 1)


def yuan(amount: int) -> str:
    sign, units = ("-" if amount < 0 else ""), abs(amount)
    return f"{sign}{units // 100}.{units % 100:02}"


def charge_of(rate: dict[str, Any], line: dict[str, Any]) -> int:
    """Work a line out by its rate."""
    terms, quantity, measures = rate["terms"], int(line["quantity"]), line["measures"]
    method = rate["method"]
    if method == "flat":
        return half_up(Fraction(terms["price"]))
    if method == "per_unit":
        return half_up(Fraction(terms["price"]) * quantity)
    if method == "first_and_extra":
        return half_up(Fraction(terms["first"]) + Fraction(terms["extra"]) * (quantity - 1))
    if method == "at_cost":
        return half_up(Fraction(measures["cost"]))
    if method == "zone_weight":
        return half_up(delivery(terms, measures))
    raise Wrong(f"nobody knows the method {method}")


def delivery(terms: dict[str, Any], measures: dict[str, Any]) -> Fraction:
    """First kilogram and every further one begun, of the larger of scale and volume / 6000."""
    province = str(measures["to_province"])[:2]
    zones = [zone for zone in terms["zones"] if province in zone["provinces"]]
    if len(zones) != 1:
        raise Wrong(f"province {province} lies in {len(zones)} zones")
    if "volume_mm3" in measures:
        volume = int(measures["volume_mm3"])
    else:
        volume = int(measures.get("length_mm", 0)) * int(measures.get("width_mm", 0)) * int(measures.get("height_mm", 0))
    grams = max(int(measures.get("weight_g", 0)), -(-volume // 6000))
    kilograms = max(1, -(-grams // 1000))
    return Fraction(zones[0]["first_kg"]) + Fraction(zones[0]["extra_kg"]) * (kilograms - 1)


def rate_of(rates: list[dict[str, Any]], line: dict[str, Any]) -> dict[str, Any]:
    """Return the one rate that was in force on the operation's day, and see that it is the one the line names."""
    day = datetime.fromisoformat(line["at"]).astimezone(SHANGHAI).date()
    found = [
        rate
        for rate in rates
        if rate["kind"] == line["kind"]
        and date.fromisoformat(rate["from_date"]) <= day
        and (rate["until_date"] is None or day < date.fromisoformat(rate["until_date"]))
    ]
    if len(found) != 1:
        raise Wrong(f"{len(found)} rates for {line['kind']} on {day}")
    if found[0]["version"] != line["version"]:
        raise Wrong(f"version {line['version']} was used, {found[0]['version']} was in force on {day}")
    return found[0]


def check_legs(entry: dict[str, Any], sign: int) -> None:
    """See that an entry has its two legs, or none if it comes to nothing."""
    amount = sign * fen(entry["amount"])
    wanted = sorted((account, side * amount) for account, side in ACCOUNTS.items()) if amount else []
    found = sorted((leg["account"], fen(leg["amount"])) for leg in entry["postings"])
    if found != wanted:
        raise Wrong(f"booked as {[(account, yuan(leg)) for account, leg in found]}")


def check_line(rates: list[dict[str, Any]], line: dict[str, Any]) -> None:
    due = charge_of(rate_of(rates, line), line)
    if due != fen(line["amount"]):
        raise Wrong(f"charged {line['amount']}, but it comes to {yuan(due)}")
    check_legs(line, 1)


def text_of(statement: dict[str, Any]) -> str:
    """Return the text that the statement's fingerprint was taken of."""

    def row(word: str, entry: dict[str, Any], why: str) -> str:
        source = f"{entry['source_kind']}:{entry['source_id']}"
        said = why.replace("\t", " ").replace("\n", " ")
        fields = (word, entry["id"], entry["kind"], source, entry["quantity"], entry["at"], entry["version"], said, entry["amount"])
        return "\t".join(map(str, fields))

    rows = [row("line", line, line["formula"]) for line in sorted(statement["lines"], key=lambda one: one["id"])]
    rows += [row("credit", note, note["reason"]) for note in sorted(statement["credit_notes"], key=lambda one: one["id"])]
    head = "\t".join(("statement", statement["merchant"], statement["month"], statement["total"]))
    return "\n".join((head, *rows, ""))


def problems(bundle: dict[str, Any]) -> Iterator[str]:
    """Yield everything that does not agree."""
    if bundle.get("format") != "wuyou-statements-1":
        yield f"format {bundle.get('format')!r} is not known"
        return
    charged: dict[tuple[str, str, int], str] = {}
    for statement in bundle["statements"]:
        name = f"{statement['merchant']} {statement['month']}"
        for line in statement["lines"]:
            key = (line["kind"], line["source_kind"], line["source_id"])
            if key in charged:
                yield f"{name}: line {line['id']}: {key} was charged in {charged[key]} already"
            charged[key] = name
            try:
                check_line(bundle["rates"], line)
            except (Wrong, KeyError, ValueError) as problem:
                yield f"{name}: line {line['id']}: {problem}"
        for note in statement["credit_notes"]:
            try:
                check_legs(note, -1)
            except (Wrong, KeyError, ValueError) as problem:
                yield f"{name}: credit note {note['id']}: {problem}"
        yield from total_problems(statement, name)


def total_problems(statement: dict[str, Any], name: str) -> Iterator[str]:
    """Yield where total, lines, postings and fingerprint differ."""
    entries = [*statement["lines"], *statement["credit_notes"]]
    lines = sum(fen(line["amount"]) for line in statement["lines"]) - sum(fen(note["amount"]) for note in statement["credit_notes"])
    for account, side in ACCOUNTS.items():
        booked = sum(fen(leg["amount"]) for entry in entries for leg in entry["postings"] if leg["account"] == account)
        if booked != side * lines:
            yield f"{name}: {account} says {yuan(booked)}, the lines {yuan(side * lines)}"
    if fen(statement["total"]) != lines:
        yield f"{name}: total {statement['total']}, the lines come to {yuan(lines)}"
    if statement["state"] == "final" and hashlib.sha256(text_of(statement).encode()).hexdigest() != statement["digest"]:
        yield f"{name}: the fingerprint does not fit"


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        sys.stderr.write("usage: check_statements.py FILE\n")
        return 2
    bundle = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    found = 0
    for found, problem in enumerate(problems(bundle), 1):  # noqa: B007  the count is wanted afterwards
        sys.stdout.write(f"{problem}\n")
    lines = sum(len(statement["lines"]) for statement in bundle.get("statements", []))
    total = sum(fen(statement["total"]) for statement in bundle.get("statements", []))
    sys.stdout.write(f"{len(bundle.get('statements', []))} statements, {lines} lines, {yuan(total)}: {found or 'no'} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

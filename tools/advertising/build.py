"""Make ``data/advertising/<version>.json`` from our groups and the circulated lists.

    python tools/advertising/build.py LISTS [OUT]

LISTS is a folder with ``weijinci_*.txt`` (words, one a line) and ``illegal_ad_expressions_*.csv.gz`` (coded expressions with their legal
basis). ``groups.toml`` beside this file says which group takes which word; a word that no group takes, or an unknown code, stops the
build. Neither the lists nor this program is needed when the platform runs.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
OUT = HERE.parent.parent / "data" / "advertising"


def words_of(lists: Path) -> list[str]:
    """Return the circulated words in their order, each once."""
    lines = (line.strip() for path in sorted(lists.glob("weijinci_*.txt")) for line in path.read_text(encoding="utf-8").splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def bases_of(lists: Path) -> dict[str, str]:
    """Return the legal basis of every coded expression."""
    bases = {}
    for path in sorted(lists.glob("illegal_ad_expressions_*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            bases.update({row["code"]: row["legal_basis"].strip("；;") for row in csv.DictReader(lines)})
    return bases


def built(groups: dict[str, Any], words: list[str], bases: dict[str, str]) -> dict[str, Any]:
    """Return the rule file.

    :raises SystemExit: if a word belongs nowhere, or a code is unknown
    """
    taken = {group["code"]: [word for word in words if re.search(group["takes"], word)] for group in groups["rules"]}
    homeless = set(words) - {word for some in taken.values() for word in some}
    if homeless:
        raise SystemExit(f"no group takes: {'、'.join(sorted(homeless))}")
    folded = groups["simplified"]
    return {
        "version": groups["version"],
        "about": groups["about"],
        "families": groups["families"],
        "rules": [_rule(group, taken[group["code"]], bases) for group in groups["rules"]],
        "whitelist": groups["whitelist"],
        "simplified": dict(zip(folded["from"], folded["to"], strict=True)),
    }


def _rule(group: dict[str, Any], taken: list[str], bases: dict[str, str]) -> dict[str, Any]:
    unknown = [code for code in group["codes"] if code not in bases]
    if unknown:
        raise SystemExit(f"{group['code']}: no coded expression {unknown}")
    alone = [*group.get("alone", ()), *(taken if group.get("takes_alone") else ())]
    words = group["words"] if group.get("takes_alone") else [*taken, *group["words"]]
    said = {name: group[name] for name in ("code", "level", "name_zh", "name_en")}
    basis = group.get("basis_zh") or "；".join(dict.fromkeys(bases[code] for code in group["codes"]))
    names = ("basis_en", "advice_zh", "advice_en", "would_support_zh", "would_support_en", "support")
    return {
        **said,
        "codes": group["codes"],
        "basis_zh": basis,
        **{name: group[name] for name in names},
        "only_in": group.get("in", []),
        "not_in": group.get("not_in", []),
        "words": list(dict.fromkeys(words)),
        "alone": alone,
        "patterns": group["patterns"],
    }


def main(lists: str, out: str = str(OUT)) -> int:
    with (HERE / "groups.toml").open("rb") as source:
        groups = tomllib.load(source)
    made = built(groups, words_of(Path(lists)), bases_of(Path(lists)))
    target = Path(out) / f"{made['version']}.json"
    target.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{target}: {len(made['rules'])} groups, {sum(len(rule['words']) for rule in made['rules'])} words")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

"""Compile every ``.po`` that is newer than its ``.mo``, with Babel: no gettext tools are needed."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_messages(root: Path = ROOT) -> list[Path]:
    """Return the compiled files; those that were up to date are left alone."""
    compiled = []
    for source in sorted(root.glob("locale*/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        with source.open("rb") as po:
            catalog = read_po(po, locale=source.parent.parent.name)
        unfinished = target.with_suffix(".mo.new")
        with unfinished.open("wb") as mo:
            write_mo(mo, catalog)
        unfinished.rename(target)
        compiled.append(target)
    return compiled


if __name__ == "__main__":
    for path in compile_messages():
        print(f"compiled {path.relative_to(ROOT)}")

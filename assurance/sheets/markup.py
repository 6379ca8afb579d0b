"""XML of a workbook, without the parts of XML that harm: no document type, no entities, nothing from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from assurance.sheets.table import Unreadable

Attributes = Mapping[str, str]


class _Nothing:
    """The parser wants a target; the handlers below hear what it would."""

    def close(self) -> None:
        """Nothing was built."""


def walk(
    pieces: Iterable[bytes],
    *,
    start: Callable[[str, Attributes], object],
    end: Callable[[str], object] | None = None,
    text: Callable[[str], object] | None = None,
) -> None:
    """Call the handlers for every element, by its name without namespace.

    :raises Unreadable: xml_not_allowed, sheet_unreadable
    """
    parser: Any = DefusedXMLParser(target=_Nothing(), forbid_dtd=True).parser
    parser.DefaultHandlerExpand = None
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, given: start(name.rpartition("}")[2], _paired(given))
    if end is not None:
        parser.EndElementHandler = lambda name: end(name.rpartition("}")[2])
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except DefusedXmlException:
        raise Unreadable("xml_not_allowed") from None
    except (ExpatError, ValueError, LookupError):
        raise Unreadable("sheet_unreadable") from None


def _paired(given: Any) -> Attributes:
    """Return the attributes by name; the parser gives them in a row."""
    return {given[place].rpartition("}")[2]: given[place + 1] for place in range(0, len(given), 2)} if given else {}

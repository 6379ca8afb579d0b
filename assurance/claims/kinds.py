"""Kinds of marketing claims, and which evidence can carry each of them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ClaimKind(StrEnum):
    RATED_NUMBER = "rated_number"
    CERTIFICATE = "certificate"
    COMPOSITION = "composition"
    ORIGIN = "origin"
    ABSOLUTE_WORD = "absolute_word"
    EFFICACY = "efficacy"
    COMPARISON = "comparison"
    PRICE = "price"


class Said(StrEnum):
    """Who makes the claim: what is printed, what is written, what is spoken, what is filmed."""

    PACKAGE = "package"
    PAGE = "page"
    HOST = "host"
    VIDEO = "video"


class Basis(StrEnum):
    """What a piece of evidence is."""

    STATED = "stated"
    DOCUMENT = "document"
    CERTIFICATE = "certificate"
    LAB = "lab"


SUPPORT: Final[Mapping[ClaimKind, frozenset[Basis]]] = {
    ClaimKind.RATED_NUMBER: frozenset({Basis.LAB, Basis.CERTIFICATE, Basis.DOCUMENT}),
    ClaimKind.CERTIFICATE: frozenset({Basis.CERTIFICATE}),
    ClaimKind.COMPOSITION: frozenset({Basis.LAB, Basis.CERTIFICATE, Basis.DOCUMENT}),
    ClaimKind.ORIGIN: frozenset({Basis.CERTIFICATE, Basis.DOCUMENT}),
    ClaimKind.ABSOLUTE_WORD: frozenset({Basis.DOCUMENT}),
    ClaimKind.EFFICACY: frozenset({Basis.LAB, Basis.CERTIFICATE, Basis.DOCUMENT}),
    ClaimKind.COMPARISON: frozenset({Basis.LAB, Basis.DOCUMENT}),
    ClaimKind.PRICE: frozenset({Basis.DOCUMENT}),
}
"""A statement carries nothing beyond "declared". That something is wild or from a place no test of its composition shows."""


def demands_value(kind: str) -> bool:
    """Say whether a claim of this kind is about a number with a unit."""
    return kind == ClaimKind.RATED_NUMBER

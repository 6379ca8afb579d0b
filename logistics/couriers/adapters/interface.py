"""What every courier's programme can be asked, and what it answers.

Orders carry a key of ours; a courier that gets the same key again answers with the number it gave before and sells nothing twice.
A programme that speaks over a network says so (``is_remote``) and is never called inside a transaction; the caller sees to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Deed(StrEnum):
    """What a courier may or may not be able to do."""

    BOOK = "book"
    CANCEL = "cancel"
    LABEL = "label"
    MANIFEST = "manifest"
    PICKUP = "pickup"
    RETURN_LABEL = "return_label"
    REDELIVERY = "redelivery"


class NotSupported(Exception):
    """This courier does not offer that."""

    def __init__(self, deed: Deed) -> None:
        super().__init__(deed)
        self.deed = deed


@dataclass(frozen=True, slots=True)
class Order:
    """One waybill to buy. Nothing in it names a person: the label's address is printed by the warehouse."""

    key: str
    weight_g: int
    origin_province: str
    destination_province: str


@dataclass(frozen=True, slots=True)
class Booked:
    key: str
    number: str


@dataclass(frozen=True, slots=True)
class Declined:
    """The courier said no; asking again is of no use."""

    key: str
    because: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nobody knows whether it was bought: ask again with the same key."""

    key: str
    because: str


Answer = Booked | Declined | Unanswered


@dataclass(frozen=True, slots=True)
class Label:
    """What the courier wants on the label besides addresses: the number for the barcode, and where the parcel is sorted to."""

    number: str
    routing: str


class Courier(Protocol):
    """A courier's programme."""

    is_remote: bool
    offers: frozenset[Deed]

    def book(self, orders: Sequence[Order]) -> list[Answer]: ...

    def cancel(self, number: str) -> None:
        """:raises NotSupported: if a number cannot be given back"""

    def label(self, number: str, *, destination_province: str) -> Label:
        """:raises NotSupported: if the courier prints itself"""

    def book_pickup(self, numbers: Sequence[str]) -> None:
        """:raises NotSupported: if nobody can be called"""

    def send_manifest(self, numbers: Sequence[str]) -> None:
        """:raises NotSupported: if the courier takes none"""

    def return_label(self, number: str) -> Label:
        """:raises NotSupported: if returns need a new waybill"""

    def redeliver(self, number: str) -> None:
        """:raises NotSupported: if a second attempt cannot be asked for"""

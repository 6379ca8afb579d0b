"""The signed head of the log as text: a C2SP tlog-checkpoint inside a C2SP signed note.

    wuyou.example/log                                  the log's origin
    1520                                               how many entries it has
    1kUB0NvTSUKfPYcUwZxFjJ0uaBvLwGFwVbZf4x3xvJ8=       the root of its tree
    at 2026-11-20T04:00:00.000000Z                     our one extension line: when
                                                       an empty line, then the signatures:
    — wuyou.example/log Az3grlgtzPICa5OS8npVmf1Myq/5…  who signed; base64 of 4 bytes key id and the signature

Ed25519 signs the text up to and including the newline before the empty line. The verifier's key in text form is
``name+key id in hex+base64(0x01 ‖ public key)``. Nothing here signs or verifies: see ``signing``.
"""

import base64
import binascii
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

ED25519: Final = b"\x01"
DASH: Final = "— "
LARGEST_NOTE: Final = 64 * 1024


class BadNote(ValueError):
    """The text is no checkpoint or no key; the message says what is wrong with it."""


@dataclass(frozen=True)
class Head:
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    at: datetime


@dataclass(frozen=True)
class Signature:
    """One signature line: the signer's name, the four bytes that tell his keys apart, the signature itself."""

    name: str
    key_id: bytes
    value: bytes

    def __str__(self) -> str:
        return f"{DASH}{self.name} {_base64(self.key_id + self.value)}\n"


@dataclass(frozen=True)
class VerifierKey:
    """A public key with the name it signs for."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ newline ‖ 0x01 ‖ public key)."""
        return hashlib.sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_base64(ED25519 + self.public)}"


def format_moment(at: datetime) -> str:
    """Return a moment the way log and notes write it: UTC, always six digits after the point."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_moment(text: str) -> datetime:
    """Read what ``format_moment`` wrote.

    :raises BadNote: for any other spelling
    """
    try:
        at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    except ValueError:
        raise BadNote(f"{text[:40]!r} is no moment") from None
    if format_moment(at) != text:
        raise BadNote(f"{text[:40]!r} is no moment")
    return at


def format_head(head: Head) -> str:
    """Return the text that is signed."""
    check_name(head.origin)
    return f"{head.origin}\n{head.size}\n{_base64(head.root)}\nat {format_moment(head.at)}\n"


def parse_head(text: str) -> Head:
    """Read the text that is signed; more extension lines may follow ours.

    :raises BadNote: if a line is missing or spelled differently than we would
    """
    lines = text.split("\n")
    if len(lines) < 5 or lines[-1] or not all(lines[:-1]):
        raise BadNote("a checkpoint has an origin, a size, a root and a time")
    origin, size, root, moment = lines[:4]
    check_name(origin)
    if not (size.isascii() and size.isdigit()) or str(int(size[:20])) != size:
        raise BadNote(f"{size[:24]!r} is no size")
    if not moment.startswith("at "):
        raise BadNote("the line with the time is missing")
    return Head(origin, int(size), _bytes(root, 32), parse_moment(moment.removeprefix("at ")))


def format_note(text: str, *signatures: Signature) -> str:
    """Return the text with its signatures."""
    return text + "\n" + "".join(map(str, signatures))


def parse_note(note: str) -> tuple[str, list[Signature]]:
    """Return the text that was signed and the signatures under it; none of them is verified yet.

    :raises BadNote: if it is no signed note
    """
    if len(note) > LARGEST_NOTE or any(char < " " and char != "\n" for char in note):
        raise BadNote("the note is too long or holds control characters")
    text, found, tail = note.rpartition("\n\n")
    if not found or not tail.endswith("\n"):
        raise BadNote("the note has no signatures")
    return text + "\n", [_parse_signature(line) for line in tail[:-1].split("\n")]


def parse_key(text: str) -> VerifierKey:
    """Read a verifier's key.

    :raises BadNote: if it is none, or its key id is not its own
    """
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise BadNote("a verifier's key is written name+id+key")
    name, key_id, public = parts
    check_name(name)
    data = _bytes(public, 33)
    key = VerifierKey(name, data[1:])
    if data[:1] != ED25519 or key.key_id.hex() != key_id:
        raise BadNote("the verifier's key does not match its id")
    return key


def check_name(name: str) -> None:
    """Refuse a name that would break a line of the note."""
    if not name or "+" in name or any(char.isspace() or char < " " for char in name):
        raise BadNote(f"{name[:40]!r} is no name for a log")


def _parse_signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space:
        raise BadNote("a signature line is broken")
    check_name(name)
    data = _bytes(encoded)
    if len(data) < 5:
        raise BadNote("a signature is too short")
    return Signature(name, data[:4], data[4:])


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str, length: int | None = None) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote(f"{text[:24]!r} is no base64") from None
    if _base64(data) != text or (length is not None and len(data) != length):
        raise BadNote(f"{text[:24]!r} is no base64 of {length or 'so many'} bytes")
    return data

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from assurance.evidence import checkpoint, signing
from assurance.evidence.checkpoint import BadNote, Head, Signature

AT = datetime(2026, 11, 20, 4, 0, 0, 5, tzinfo=UTC)
HEAD = Head("wuyou.example/log", 1520, hashlib.sha256(b"root").digest(), AT)
ROOT = base64.b64encode(HEAD.root).decode()
TEXT = f"wuyou.example/log\n1520\n{ROOT}\nat 2026-11-20T04:00:00.000005Z\n"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OURS = signing.verifier_key(KEY, HEAD.origin)
NOTE = signing.sign(HEAD, KEY)


moments = st.integers(0, 4_000_000_000_000_000).map(lambda number: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=number))


class TestTheTextOfACheckpoint:
    def test_is_a_tlog_checkpoint_with_our_line_for_the_time(self):
        assert checkpoint.format_head(HEAD) == TEXT

    @given(st.integers(0, 2**63), st.binary(min_size=32, max_size=32), moments)
    def test_reads_back_as_what_was_written(self, size, root, at):
        head = Head("wuyou.example/log", size, root, at)

        assert checkpoint.parse_head(checkpoint.format_head(head)) == head

    def test_names_the_moment_in_utc_wherever_it_was_taken(self):
        shanghai = AT.astimezone(timezone(timedelta(hours=8)))

        assert checkpoint.format_head(Head(HEAD.origin, HEAD.size, HEAD.root, shanghai)) == TEXT

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "\n",
            TEXT.rstrip("\n"),
            TEXT.replace("1520", "01520"),
            TEXT.replace("1520", "-1"),
            TEXT.replace("1520", "１５２０"),
            TEXT.replace("1520", "1" * 400),
            TEXT.replace(ROOT, ROOT[:-4]),
            TEXT.replace(ROOT, ROOT + "\n"),
            TEXT.replace("at ", ""),
            TEXT.replace("000005Z", "5Z"),
            TEXT.replace("wuyou.example", "wuyou example"),
            TEXT.replace("wuyou", "wuyou+"),
            TEXT.replace("\n1520", "\r\n1520"),
        ],
    )
    def test_is_refused_in_any_other_spelling(self, text):
        with pytest.raises(BadNote):
            checkpoint.parse_head(text)


BROKEN = ["", TEXT, TEXT + "\n", NOTE[:-1], NOTE + "\n", NOTE.replace("— ", "- "), NOTE.replace("\n", "\r\n"), "x" * 70_000]


class TestASignedNote:
    def test_has_the_text_an_empty_line_and_the_signature(self):
        signature = base64.b64encode(OURS.key_id + KEY.sign(TEXT.encode())).decode()

        assert f"{TEXT}\n— wuyou.example/log {signature}\n" == NOTE

    def test_opens_with_the_key_that_signed_it(self):
        assert signing.open_note(NOTE, [OURS]) == HEAD

    def test_opens_beside_the_signature_of_a_stranger(self):
        text, ours = checkpoint.parse_note(NOTE)

        assert signing.open_note(checkpoint.format_note(text, Signature("witness", b"abcd", b"x" * 64), *ours), [OURS]) == HEAD

    def test_signed_by_another_key_is_not_trusted(self):
        forged = signing.sign(HEAD, Ed25519PrivateKey.generate())

        with pytest.raises(BadNote, match="not signed by a key that is trusted"):
            signing.open_note(forged, [OURS])

    def test_signed_only_by_another_name_is_not_trusted(self):
        witness = signing.verifier_key(KEY, "witness")
        note = checkpoint.format_note(TEXT, Signature("witness", witness.key_id, KEY.sign(TEXT.encode())))

        with pytest.raises(BadNote, match="not signed by a key that is trusted"):
            signing.open_note(note, [witness])

    @given(st.data())
    def test_with_any_character_changed_does_not_open_as_something_else(self, data):
        place = data.draw(st.integers(0, len(NOTE) - 1))
        changed = NOTE[:place] + data.draw(st.characters(exclude_categories=["Cs"]).filter(lambda c: c != NOTE[place])) + NOTE[place + 1 :]

        with pytest.raises(BadNote):
            signing.open_note(changed, [OURS])

    @pytest.mark.parametrize(
        "note", ["", TEXT, TEXT + "\n", NOTE[:-1], NOTE + "\n", NOTE.replace("— ", "- "), NOTE.replace("\n", "\r\n"), "x" * 70_000]
    )
    def test_is_refused_when_it_is_broken(self, note):
        with pytest.raises(BadNote):
            signing.open_note(note, [OURS])


class TestAVerifiersKey:
    def test_is_written_as_name_id_and_key(self):
        name, key_id, public = str(OURS).split("+", 2)

        assert name == "wuyou.example/log"
        assert key_id == hashlib.sha256(b"wuyou.example/log\n\x01" + OURS.public).hexdigest()[:8]
        assert base64.b64decode(public) == b"\x01" + OURS.public
        assert checkpoint.parse_key(f"{OURS}\n") == OURS

    def test_of_the_go_checksum_database_is_read(self):
        text = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"

        assert str(checkpoint.parse_key(text)) == text

    @pytest.mark.parametrize("text", ["", "a+b", str(OURS).replace("wuyou.", "wuyoo."), str(OURS)[:-4], "x+00000000+AQ=="])
    def test_is_refused_when_it_does_not_match_its_id(self, text):
        with pytest.raises(BadNote):
            checkpoint.parse_key(text)

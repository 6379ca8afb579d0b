import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.checks import run_checks

from assurance.evidence import checks, signing


@pytest.fixture
def key_file(tmp_path, settings) -> Path:
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "checkpoint.key"
    return settings.SIGNING_KEY_FILE


def problems() -> list[str | None]:
    return [problem.id for problem in (*checks.signing_key_is_usable(), *checks.origin_is_a_name())]


class TestTheSigningKey:
    def test_is_made_on_first_use_and_only_its_owner_can_read_it(self, key_file):
        key = signing.signing_key()

        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(key_file.parent.stat().st_mode) == 0o700
        assert list(key_file.parent.iterdir()) == [key_file]
        assert signing.signing_key().private_bytes_raw() == key.private_bytes_raw()

    def test_of_a_faster_process_stays(self, key_file):
        first = signing.signing_key()

        signing.make_key(key_file)

        assert signing.signing_key().private_bytes_raw() == first.private_bytes_raw()

    def test_is_never_made_in_production(self, key_file, settings):
        settings.PRODUCTION = True

        with pytest.raises(signing.NoSigningKey, match="No such file"):
            signing.signing_key()
        assert not key_file.exists()

    def test_that_others_can_read_is_refused(self, key_file):
        signing.signing_key()
        key_file.chmod(0o640)

        with pytest.raises(signing.NoSigningKey, match="others may read it"):
            signing.signing_key()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"not a key",
            Ed25519PrivateKey.generate().public_key().public_bytes_raw(),
            X25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        ],
        ids=["empty", "text", "public half", "another kind"],  # keys are made anew, names are not
    )
    def test_of_another_kind_is_refused(self, key_file, content):
        key_file.parent.mkdir()
        key_file.touch(mode=0o600)
        key_file.write_bytes(content)

        with pytest.raises(signing.NoSigningKey, match="no Ed25519 private key"):
            signing.signing_key()


class TestTheSystemCheck:
    def test_is_content_where_the_key_will_be_made(self, key_file):
        assert problems() == []

    def test_demands_the_key_in_production(self, key_file, settings):
        settings.PRODUCTION = True

        assert problems() == ["evidence.E001"]

    def test_is_content_with_a_key_in_production(self, key_file, settings):
        signing.signing_key()
        settings.PRODUCTION = True

        assert problems() == []

    def test_refuses_an_origin_that_would_break_a_line(self, key_file, settings):
        settings.CHECKPOINT_ORIGIN = "wuyou\nlog"

        assert problems() == ["evidence.E002"]

    def test_is_run_with_the_others(self, key_file, settings):
        settings.PRODUCTION = True

        assert "evidence.E001" in [problem.id for problem in run_checks(tags=["reliability"])]

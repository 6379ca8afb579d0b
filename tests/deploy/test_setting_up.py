"""The set-up does each thing once, and the environment of a start is what was asked for."""

import sys
from pathlib import Path

import pytest

from deploy import environment, setup
from deploy.environment import CannotStart


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(setup, "STAMPS", tmp_path / "stamps")
    return []


class TestAStep:
    def make(self, tmp_path: Path, work: list[str], key: str) -> None:
        def do() -> None:
            work.append(key)
            (tmp_path / "made").touch()

        setup.once("step", key, tmp_path / "made", do)

    def test_is_done_once(self, tmp_path: Path, work: list[str]) -> None:
        self.make(tmp_path, work, "a")
        self.make(tmp_path, work, "a")

        assert work == ["a"]

    def test_is_done_again_when_its_sources_change(self, tmp_path: Path, work: list[str]) -> None:
        self.make(tmp_path, work, "a")
        self.make(tmp_path, work, "b")

        assert work == ["a", "b"]

    def test_is_done_again_when_its_result_is_gone(self, tmp_path: Path, work: list[str]) -> None:
        self.make(tmp_path, work, "a")
        (tmp_path / "made").unlink()
        self.make(tmp_path, work, "a")

        assert work == ["a", "a"]

    def test_that_fails_is_not_taken_for_done(self, tmp_path: Path, work: list[str]) -> None:
        (tmp_path / "made").touch()
        with pytest.raises(setup.SetupFailed, match="failing failed"):
            setup.once("step", "a", tmp_path / "made", lambda: setup.run(["false"], why="failing", cwd=tmp_path))

        self.make(tmp_path, work, "a")
        assert work == ["a"]


class TestThePython:
    @pytest.mark.parametrize(
        ("origin", "own", "others", "is_taken"),
        [("file", 1.0, 0.8, True), ("file", 1.0, 0.95, False), ("command line", 1.0, 0.8, False), ("", 1.0, 0.8, False)],
    )
    def test_is_the_system_s_where_that_is_quicker_and_nobody_named_one(
        self, monkeypatch: pytest.MonkeyPatch, origin: str, own: float, others: float, is_taken: bool
    ) -> None:
        monkeypatch.setenv("PYTHON_ORIGIN", origin)
        monkeypatch.setattr(setup, "SYSTEM_PYTHON", "/system/python")
        monkeypatch.setattr(setup, "has_venv", lambda python: True)
        monkeypatch.setattr(setup, "seconds_of", {sys.executable: own, "/system/python": others}.__getitem__)

        assert setup.quickest_python() == ("/system/python" if is_taken else sys.executable)

    def test_that_is_not_there_is_not_taken(self) -> None:
        assert not setup.has_venv("/no/such/python")
        assert setup.has_venv(sys.executable)
        assert 0 < setup.seconds_of(sys.executable) < 60


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ENVIRONMENT", "SECRET_KEY", "DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "VAR_DIR", "PUBLIC_URL", "WEB_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


class TestTheEnvironmentOfAStart:
    def test_needs_nothing(self, checkout: Path) -> None:
        found = environment.read(checkout)

        assert found.variables["ENVIRONMENT"] == "local"
        assert found.variables["SECRET_KEY"].startswith("local-")
        assert found.embedded_postgres
        assert found.embedded_valkey
        assert found.web_address == ("127.0.0.1", 8000)

    def test_keeps_its_key(self, checkout: Path) -> None:
        assert environment.read(checkout).variables["SECRET_KEY"] == environment.read(checkout).variables["SECRET_KEY"]
        assert (checkout / "var" / "secret-key").stat().st_mode & 0o777 == 0o600

    def test_reads_the_file_and_prefers_the_real_environment(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (checkout / ".env").write_text("# a comment\n\nLOG_LEVEL=DEBUG\nWEB_ADDRESS='127.0.0.2:80'\n")
        monkeypatch.setenv("LOG_LEVEL", "ERROR")

        found = environment.read(checkout)

        assert found.variables["LOG_LEVEL"] == "ERROR"
        assert found.web_address == ("127.0.0.2", 80)

    def test_says_which_line_of_the_file_it_cannot_read(self, checkout: Path) -> None:
        (checkout / ".env").write_text("LOG_LEVEL=DEBUG\nwhat is this\n")

        with pytest.raises(CannotStart, match=r"^\.env: line 2 is no NAME=value$"):
            environment.read(checkout)

    @pytest.mark.parametrize("missing", ["DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"])
    def test_has_no_embedded_servers_in_production(self, checkout: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
        monkeypatch.setenv("ENVIRONMENT", "production")
        for name in {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"} - {missing}:
            monkeypatch.setenv(name, "given")

        with pytest.raises(CannotStart, match=f"^{missing}: is required in production"):
            environment.read(checkout)

    def test_needs_the_owner_of_a_database_that_is_given(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://wuyou_app:a@b/c")

        with pytest.raises(CannotStart, match="^DATABASE_OWNER_URL: is required together with DATABASE_URL"):
            environment.read(checkout)

    def test_refuses_an_address_without_a_port(self, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WEB_ADDRESS", "localhost")

        with pytest.raises(CannotStart, match="^WEB_ADDRESS: must look like"):
            _ = environment.read(checkout).web_address

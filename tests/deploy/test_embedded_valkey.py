"""The embedded Valkey: refuses strangers, evicts nothing, remembers nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from deploy.embedded.valkey import Valkey


@pytest.fixture(scope="module")
def valkey(servers_folder: Path) -> Iterator[Valkey]:
    with Valkey(servers_folder / "valkey") as server:
        yield server


@pytest.fixture
def client(valkey: Valkey) -> Iterator[redis.Redis]:
    with redis.Redis.from_url(valkey.url, decode_responses=True) as client:
        yield client


class TestTheEmbeddedValkey:
    def test_answers_as_the_process_that_was_started(self, valkey: Valkey, client: redis.Redis) -> None:
        assert valkey.child
        assert client.info("server")["process_id"] == valkey.child.pid

    def test_evicts_nothing(self, client: redis.Redis) -> None:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}

    def test_listens_on_the_loopback_address_only(self, client: redis.Redis) -> None:
        assert client.config_get("bind") == {"bind": "127.0.0.1"}

    def test_lets_nobody_in_without_the_password(self, valkey: Valkey) -> None:
        with redis.Redis(port=valkey.port or 0, retry=Retry(NoBackoff(), 0)) as stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()

    def test_shows_its_password_to_nobody_on_the_machine(self, valkey: Valkey) -> None:
        assert valkey.child
        assert valkey.password not in Path(f"/proc/{valkey.child.pid}/cmdline").read_text()

    def test_comes_back_empty_on_the_same_port(self, valkey: Valkey, client: redis.Redis) -> None:
        port = valkey.port
        client.set("word", "here")

        valkey.kill()
        valkey.start()

        assert valkey.port == port
        assert client.get("word") is None

    def test_takes_another_port_if_the_wished_one_is_taken(self, valkey: Valkey, servers_folder: Path) -> None:
        with Valkey(servers_folder / "second", port=valkey.port) as second:
            assert second.is_ready
            assert second.port != valkey.port

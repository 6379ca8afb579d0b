"""What we ship describes the same system that runs here: the image, the containers, the proxy, the explained variables."""

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from assurance import boot
from deploy import run

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service.get("build")}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()
ONLY_COMPOSE = {"POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD", "VALKEY_PASSWORD", "TLS_FOLDER"}
ONLY_DEPLOY = {"LOAD_DEMO", "WEB_ADDRESS", "WEB_CONCURRENCY", "VAR_DIR"}


def variables_of_settings() -> set[str]:
    """The first argument of every ``env.<helper>("NAME", …)``."""
    return {
        call.args[0].value
        for call in ast.walk(ast.parse((ROOT / "assurance" / "settings.py").read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def required_in_production() -> set[str]:
    return {"SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "CHECKPOINT_ORIGIN"}


class TestTheExplainedVariables:
    LINES = (ROOT / ".env.example").read_text().splitlines()

    def names(self) -> list[str]:
        return [line.partition("=")[0] for line in self.LINES if line and not line.startswith("#")]

    def test_are_those_that_are_read(self) -> None:
        assert set(self.names()) == variables_of_settings() | ONLY_DEPLOY | ONLY_COMPOSE

    def test_are_named_once(self) -> None:
        assert len(self.names()) == len(set(self.names()))

    def test_are_explained_each(self) -> None:
        explained = False
        for line in self.LINES:
            if line.startswith("#"):
                explained = True
            elif line:
                name = line.partition("=")[0]
                assert explained or name in ONLY_COMPOSE | {"DEFAULT_FROM_EMAIL"}, f"{name} has no comment above it"
                explained = False

    def test_hold_no_secret(self) -> None:
        given = dict(line.split("=", 1) for line in self.LINES if line and not line.startswith("#"))

        assert {name for name in given if "KEY" in name or "PASSWORD" in name} >= {"SECRET_KEY", "APP_PASSWORD"}
        assert [value for name, value in given.items() if name == "SECRET_KEY" or name.endswith("PASSWORD")] == [""] * 5


class TestTheContainers:
    def test_are_the_whole_platform(self) -> None:
        assert set(SERVICES) == {
            *("postgres", "valkey", "migrate", "web", "worker-work", "worker-notices", "worker-runs", "relay", "beat", "nginx")
        }

    def test_work_on_every_queue_once(self) -> None:
        worked = [
            command[command.index("--queues") + 1]
            for name, service in SERVICES.items()
            if "--queues" in (command := service.get("command", []))
        ]

        assert sorted(worked) == sorted(settings.JOB_TIME_LIMITS)

    @pytest.mark.parametrize("name", sorted(OURS))
    def test_know_the_variables_of_the_settings_and_no_others(self, name: str) -> None:
        known = set(OURS[name]["environment"])

        assert known - {"DATABASE_OWNER_URL"} == (variables_of_settings() | {"WEB_ADDRESS", "WEB_CONCURRENCY"}) - {"DATABASE_OWNER_URL"}
        assert known >= required_in_production()
        assert OURS[name]["environment"]["ENVIRONMENT"] == "production"

    def test_tell_the_password_of_the_owner_to_the_migration_only(self) -> None:
        assert [name for name, service in OURS.items() if "OWNER_PASSWORD" in str(service["environment"])] == ["migrate"]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_have_a_health_check(self, name: str) -> None:
        checked = SERVICES[name].get("healthcheck", {})

        if name == "migrate":
            assert checked == {"disable": True}
        elif name == "web":
            assert checked == {}  # the image's own
            assert "HEALTHCHECK" in DOCKERFILE
        else:
            assert checked["test"]

    @pytest.mark.parametrize("name", sorted(set(OURS) - {"migrate"}))
    def test_wait_for_the_migration(self, name: str) -> None:
        assert OURS[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}

    @pytest.mark.parametrize("name", sorted(OURS))
    def test_may_not_change_their_own_code(self, name: str) -> None:
        assert OURS[name]["read_only"] is True
        assert OURS[name]["cap_drop"] == ["ALL"]

    @pytest.mark.parametrize("name", sorted(set(SERVICES) - {"nginx"}))
    def test_are_reached_through_the_proxy_only(self, name: str) -> None:
        assert "ports" not in SERVICES[name]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_mount_files_that_exist(self, name: str) -> None:
        mounted = [volume.split(":")[0] for volume in SERVICES[name].get("volumes", []) if volume.startswith("./")]

        assert [path for path in mounted if not (ROOT / path).exists()] == []

    @pytest.mark.parametrize("name", sorted(OURS))
    def test_run_modules_that_exist(self, name: str) -> None:
        modules = re.findall(r"deploy\.[a-z]+", str(OURS[name].get("command", "")) + str(OURS[name].get("healthcheck", "")))

        assert [module for module in modules if not (ROOT / f"{module.replace('.', '/')}.py").exists()] == []

    def test_ask_for_no_variable_that_is_not_explained(self) -> None:
        asked = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

        assert asked <= set(TestTheExplainedVariables().names())


class TestTheServersInContainers:
    def test_are_durable(self) -> None:
        command = SERVICES["postgres"]["command"]

        assert SERVICES["postgres"]["image"] == "postgres:18"
        assert {"fsync=on", "synchronous_commit=on", "full_page_writes=on"} <= set(command)
        assert "--data-checksums" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]

    def test_order_text_as_the_embedded_one_does(self) -> None:
        assert "--builtin-locale=C.UTF-8" in SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"]

    def test_evict_nothing_and_keep_nothing(self) -> None:
        [*_, command] = SERVICES["valkey"]["command"]

        assert "--maxmemory-policy noeviction" in command
        assert '--save "" --appendonly no' in command
        assert "$$VALKEY_PASSWORD" in command

    def test_make_the_same_roles_as_the_embedded_one(self) -> None:
        script = (ROOT / "deploy" / "make-database.sh").read_text()
        mounted = {volume.split(":")[1] for volume in SERVICES["postgres"]["volumes"] if volume.startswith("./")}

        assert set(re.findall(r"-f (\S+)", script)) == {"/sql/roles.sql", "/sql/database.sql"}
        assert {"/sql/roles.sql", "/sql/database.sql"} <= mounted

    def test_are_told_from_the_embedded_ones_by_one_name(self) -> None:
        assert run.EMBEDDED_NAME == boot.EMBEDDED


class TestTheImage:
    LAST = DOCKERFILE.rsplit("\nFROM ", 1)[1]

    def test_is_built_in_stages_and_runs_as_nobody_in_particular(self) -> None:
        assert DOCKERFILE.count("\nFROM ") >= 3
        assert "\nUSER wuyou\n" in self.LAST
        assert self.LAST.index("\nUSER ") < self.LAST.index("\nCMD ")

    def test_installs_the_locked_wheels_of_production_only(self) -> None:
        assert re.findall(r"-r (\S+)", DOCKERFILE) == ["/requirements/base.txt"]
        assert "--require-hashes" in DOCKERFILE
        assert "npm ci --omit=dev" in DOCKERFILE

    def test_serves_with_the_settings_of_gunicorn_that_run_here(self) -> None:
        assert 'CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "assurance.wsgi"]' in self.LAST

    def test_takes_nothing_along_that_the_set_up_made(self) -> None:
        ignored = set((ROOT / ".dockerignore").read_text().split())

        assert {".git", ".venv", ".cache", ".env", "node_modules", "var", "tests"} <= ignored


class TestTheProxy:
    def said(self, directive: str) -> list[str]:
        return re.findall(rf"^\s*{directive} (.+);", NGINX, re.MULTILINE)

    def test_says_itself_who_called(self) -> None:
        headers = dict(line.split(" ", 1) for line in self.said("proxy_set_header"))

        assert headers["X-Forwarded-For"] == "$remote_addr"
        assert headers["X-Forwarded-Proto"] == "$scheme"
        assert headers["X-Forwarded-Host"] == headers["Forwarded"] == '""'

    def test_takes_what_the_platform_takes_and_not_much_more(self) -> None:
        [limit] = self.said("client_max_body_size")

        assert limit == "24m"
        assert settings.UPLOAD_MAX_BYTES < 24 * 2**20 < 2 * settings.UPLOAD_MAX_BYTES

    def test_holds_slow_clients_itself(self) -> None:
        assert self.said("proxy_request_buffering") == self.said("proxy_buffering") == ["on"]
        assert self.said("client_header_timeout") == self.said("client_body_timeout") == ["10s"]

    def test_never_repeats_a_write(self) -> None:
        assert self.said("proxy_next_upstream") == ["off"]

    def test_is_balanced(self) -> None:
        assert NGINX.count("{") == NGINX.count("}")

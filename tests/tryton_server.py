"""A real Tryton on this machine: installed into an environment of its own, filled with a firm, served on loopback."""

import hashlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest

HERE = Path(__file__).parent
PINNED = HERE / "tryton_constraints.txt"
DATABASE = "firm"
MINUTES = 60


@dataclass(frozen=True)
class Server:
    url: str
    told: dict[str, Any]  # what Tryton says of the firm, and the key it may be asked with

    @property
    def settings(self) -> dict[str, str]:
        return {"base_url": self.url, "database": DATABASE, "key": self.told["key"]}


def environment() -> Path:
    """The Python that has Tryton, in a folder for each set of versions; skips where it cannot be made."""
    versions = hashlib.sha256(PINNED.read_bytes()).hexdigest()[:12]
    folder = Path(tempfile.gettempdir()) / f"lead-to-cash-tryton-{versions}-{sys.version_info[0]}{sys.version_info[1]}"
    python, ready = folder / "bin/python", folder / "ready"
    if not ready.exists():
        venv.create(folder, with_pip=True, clear=True)
        quiet = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps")
        done = run(python, *quiet, "--requirement", PINNED, minutes=10, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["no reason given"]
            pytest.skip(f"Tryton cannot be installed here: {lines[-1]}")
        ready.touch()
    return python


def run(*command: Any, minutes: float, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
    """Ends with what the program said where it fails. Nothing of this project is in its path."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TRYTOND"))}
    told = {"capture_output": True, "text": True, "timeout": minutes * MINUTES, "env": inherited | variables}
    done = subprocess.run([str(part) for part in command], **told)
    assert not check or not done.returncode, done.stderr[-3000:]
    return done


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A firm's Tryton, from its first lead to its last payment, until the block ends."""
    python = environment()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    written = f"[database]\nuri = sqlite://\npath = {folder}\n[web]\nlisten = 127.0.0.1:{port}\n"
    configuration, password, told = (folder / name for name in ("trytond.conf", "password", "told.json"))
    configuration.write_text(written, encoding="utf-8")
    password.write_text("nobody signs in with it", encoding="utf-8")
    # SQLite's file must be there before it is made a database.
    (folder / f"{DATABASE}.sqlite").touch()
    admin = ("-c", configuration, "-d", DATABASE, "--all", "--email", "admin@example.org")
    run(python.parent / "trytond-admin", *admin, minutes=10, TRYTONPASSFILE=str(password))
    run(python, HERE / "tryton_firm.py", DATABASE, configuration, told, minutes=20)
    with open(folder / "server.log", "w") as log:
        server = subprocess.Popen([python.parent / "trytond", "-c", configuration], stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{port}"
            answers(url, server)
            yield Server(url, json.loads(told.read_text(encoding="utf-8")))
        finally:
            server.terminate()
            server.wait(30)


def answers(url: str, server: subprocess.Popen[bytes]) -> None:
    """Waits until the server answers, be it with a refusal."""
    deadline = time.monotonic() + 2 * MINUTES
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urlopen(f"{url}/{DATABASE}/rest/model/party.party", timeout=30)
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the server does not answer")

"""Runs a command of the product, with one thing going wrong when it reaches a named step.

python tests/at_step.py <step> <deed> <command>
"""

import os
import random
import resource
import runpy
import signal
import sys
from pathlib import Path

from pipelines import crash_points


def stop() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def full(size: str) -> None:
    """No file may grow beyond so many bytes, ours or those of the processes we start: a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), resource.RLIM_INFINITY))


def stranger() -> None:
    """Somebody's .wal beside the new file."""
    (_building() / "warehouse.duckdb.wal").write_bytes(b"not ours")


def flip(seed: str) -> None:
    """One bit of the new file, somewhere."""
    flip_bit(_building() / "warehouse.duckdb", int(seed))


def cut(size: str) -> None:
    """The new file loses its end."""
    os.truncate(_building() / "warehouse.duckdb", int(size))


def flip_bit(path: Path, seed: int) -> None:
    content = bytearray(path.read_bytes())
    position = random.Random(seed).randrange(len(content) * 8)
    content[position // 8] ^= 1 << position % 8
    mode = path.stat().st_mode
    path.chmod(0o600)
    path.write_bytes(content)
    path.chmod(mode)


def _building() -> Path:
    [folder] = Path(os.environ["DATA_DIR"], "generations").glob(".building-*")
    return folder


DEEDS = {"stop": stop, "full": full, "stranger": stranger, "flip": flip, "cut": cut}


def main(step: str, deed: str, command: str) -> None:
    name, _, argument = deed.partition(":")
    known = crash_points.reached

    def reached(at: str) -> None:
        known(at)
        if at == step:
            DEEDS[name](*([argument] if argument else []))

    crash_points.reached = reached
    sys.argv = ["pipelines", command]
    runpy.run_module("pipelines", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(*sys.argv[1:])

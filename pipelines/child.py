"""The processes a refresh starts: one per source, one for dbt. Each ends with the refresh that started it.

A process gets its job as one line of JSON on its standard input, never as an argument that others could list,
and answers with lines of JSON. The input stays open as long as the parent lives.
"""

import importlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path

_running: set[subprocess.Popen] = set()


class Died(Exception):
    """A process that ended without an answer."""


def run(task: str, job: dict, environment: Mapping[str, str], log: Path, heard: Callable[[dict], None]) -> dict:
    """Run `package.module:function` in a process of its own; reports go to `heard`, its answer is returned."""
    with open(log, "ab") as messages:
        process = subprocess.Popen(
            [sys.executable, "-m", "pipelines.child", task],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages, env=dict(environment),
        )  # fmt: skip
    _running.add(process)
    answer = None
    try:
        with process.stdin, process.stdout:
            process.stdin.write(json.dumps(job, default=str).encode() + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                report = json.loads(line)
                if "answer" in report:
                    answer = report["answer"]
                else:
                    heard(report)
    except BrokenPipeError:
        pass  # it died before it read its job; said below
    except BaseException:
        process.kill()
        raise
    finally:
        code = process.wait()
        _running.discard(process)
    if answer is None:
        raise Died(f"its process ended with code {code} before it was done")
    return answer


def end_all() -> None:
    for process in list(_running):
        process.kill()


def main(task: str) -> None:
    reports = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What libraries print must not be read as a report.
    os.dup2(2, 1)
    job = json.loads(_line())
    threading.Thread(target=_die_with_parent, daemon=True).start()

    def report(content: dict) -> None:
        reports.write(json.dumps(content, default=str) + "\n")
        reports.flush()

    module, _, function = task.partition(":")
    try:
        report({"answer": getattr(importlib.import_module(module), function)(job, report)})
    except Exception as error:
        traceback.print_exc()
        report({"answer": {"crashed": f"{type(error).__name__}: {error}"}})


def _line() -> bytes:
    """The job, straight from the descriptor: a buffered reader would be locked by the thread that waits on it."""
    received = b""
    while not received.endswith(b"\n"):
        received += os.read(0, 65536) or b"\n"
    return received


def _die_with_parent() -> None:
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1])

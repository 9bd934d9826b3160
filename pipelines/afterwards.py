"""What follows a publication: alerts and the digest, each in a process of its own, which cannot harm the refresh."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from pipelines import logs
from pipelines.configuration import Configuration, is_credential

# The command, and the file of the firm's without which nobody gets anything.
COMMANDS = {"alerts": "alerts.yml", "digest": "digest.yml"}
SECONDS = 300
LONGEST_LINE = 300


def tell(configuration: Configuration, refresh_id: str, say: Callable[[str], None], seconds: float = SECONDS) -> None:
    """Starts what the firm has set up, and says in one line each how it ended. Never raises an error."""
    environment = _environment(configuration, os.environ)
    for command, file in COMMANDS.items():
        if not (configuration.company_dir / file).is_file():
            continue
        try:
            ended = _run(command, environment, seconds)
            said = "\n".join((ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace")))
            last = _last(ended.stdout) or _last(ended.stderr) or "it said nothing"
            how = f"  {command}: {last}" if ended.returncode == 0 else f"  {command}: code {ended.returncode}, {last}"
        except subprocess.TimeoutExpired as error:
            said, how = f"{command}: {error}", f"  {command}: stopped after {seconds:g} s; the next refresh tries again"
        except Exception as error:
            said = how = f"  {command}: could not be started ({type(error).__name__})"
        say(how[:LONGEST_LINE])
        _keep(configuration, refresh_id, command, said, say)


def _run(command: str, environment: Mapping[str, str], seconds: float) -> subprocess.CompletedProcess:
    arguments = [sys.executable, "-m", "dashboards", command]
    with subprocess.Popen(
        arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            said, wrong = process.communicate(timeout=seconds)
        except BaseException:
            # The browser that draws its pictures ends with it.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(arguments, process.returncode, said, wrong)


def _environment(configuration: Configuration, ours: Mapping[str, str]) -> dict[str, str]:
    """Where the figures are and how messages are sent; no credential of a source."""
    sending = ("SMTP__", "WEBHOOK__")
    passed = {name: value for name, value in ours.items() if name.startswith(sending) or not is_credential(name)}
    folders = {"DATA_DIR": str(configuration.data_dir), "COMPANY_DIR": str(configuration.company_dir)}
    return passed | folders | {"TIME_ZONE": configuration.time_zone}


def _last(output: bytes) -> str:
    lines = [line for line in output.decode(errors="replace").splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def _keep(configuration: Configuration, refresh_id: str, command: str, said: str, say: Callable[[str], None]) -> None:
    try:
        logs.add(configuration.data_dir, refresh_id, f"== {command}\n{said}", logs.secrets(configuration.sources))
    except OSError as error:
        say(f"  {command}: what it said could not be kept ({type(error).__name__})")

"""python -m pipelines check | refresh | load | build | publish | rollback | health | docs | decide | erase

check      [source …]: before the first load, can it be read, and what is to be fixed? Nothing is loaded
refresh    everything: load, build, test, publish
load       only the sources, into a new generation nobody reads
build      dbt on what `load` brought
publish    write and publish what `build` made
rollback   read the generation before this one again
health     is the published generation whole?
docs       the systems and how to connect them; of what is published the dictionary with its lineage, and the figures
decide     <account> same|different|parent <other account> --why "…": who is who, from the next refresh on
erase      <source>:<record id> | <e-mail> --why "…": one person out of everything; says what it found, --yes does it
"""

import os
import signal
import sys
import threading
from types import FrameType

COMMANDS = ("check", "refresh", "load", "build", "publish", "rollback", "health", "docs", "decide", "erase")
SECONDS_TO_STOP = 5


class Stopped(BaseException):
    """SIGTERM or Ctrl-C: not an error of anything, so that nothing that handles errors takes it for one."""

    exit_code = 128 + signal.SIGTERM


def main(arguments: list[str]) -> int:
    name, *given = arguments or ["help"]
    if name not in COMMANDS or (given and name not in ("check", "decide", "erase")):
        print(__doc__)
        return 0 if arguments in ([], ["help"], ["--help"]) else 2
    from pipelines import commands, deciding, progress  # a second of imports, not for a wrong word
    from pipelines.erasing import asking

    if name == "check":
        return commands.check(given, progress.Progress())
    if name == "docs":
        return commands.docs(progress.Progress())
    if name == "decide":
        return commands.decide(deciding.parsed(given), progress.Progress())
    if name == "erase":
        return commands.erase(asking.parsed(given), progress.Progress())
    return commands.run(name, progress.Progress())


def stop(_signal: int, _frame: FrameType | None) -> None:
    # Should the interpreter be deep in a query, it ends as a kill would: nothing is lost by that.
    timer = threading.Timer(SECONDS_TO_STOP, os._exit, [Stopped.exit_code])
    timer.daemon = True
    timer.start()
    raise Stopped


if __name__ == "__main__":
    os.umask(0o077)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        sys.exit(main(sys.argv[1:]))
    except Stopped:
        print(f"Ended with code {Stopped.exit_code}: stopped by a signal; what is published is whole.")
        sys.exit(Stopped.exit_code)

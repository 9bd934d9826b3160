"""How an attempt can end, and what its exit code says to the one who scheduled it."""

import errno
import re
import signal

PUBLISHED = 0
UNEXPECTED = 1
SETTINGS = 2
LOCKED = 3
NO_SPACE = 4
WITHOUT_A_SOURCE = 5
GATE = 6

# What the operating system, DuckDB and dlt say when a disk, a quota or a file size limit is exhausted.
FULL = re.compile(
    r"no space left|disk quota exceeded|file too large|errno (28|27|122)\b|could not write all bytes", re.IGNORECASE
)


class Ended(Exception):
    """An attempt that cannot go on; its text is one sentence a person can act on."""

    exit_code = UNEXPECTED
    outcome = "failed"


class SettingsError(Ended):
    exit_code = SETTINGS
    outcome = "settings"


class Locked(Ended):
    exit_code = LOCKED
    outcome = "locked"


class NoSpace(Ended):
    exit_code = NO_SPACE
    outcome = "no_space"


class GateFailed(Ended):
    exit_code = GATE
    outcome = "gate_failed"


class Stopped(Ended):
    """SIGTERM or Ctrl-C, told as an ending."""

    exit_code = 128 + signal.SIGTERM
    outcome = "stopped"


class Unexpected(Ended):
    """An error nobody foresaw. Its details are in the attempt's log, for the one who can read them."""


def is_disk_full(error: BaseException | str) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        return True
    return bool(FULL.search(str(error)))

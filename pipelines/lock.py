"""One refresh at a time. The operating system frees the lock of a process that died."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipelines.outcomes import Locked


@contextmanager
def held(data_dir: Path) -> Iterator[None]:
    # The file stays: deleting it would let two processes lock two files of the same name.
    handle = os.open(data_dir / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = os.pread(handle, 32, 0).decode().strip() or "unknown"
            raise Locked(f"Another refresh is at work on {data_dir} (process {holder}); nothing was done.") from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(handle)

"""The places where a refresh can be killed on purpose, so that a test can show that each of them is safe.

`CRASH_AT=<step>` ends the process there as a power cut would: SIGKILL, nothing is cleaned up.
"""

import os
import signal

STEPS = (
    "locked",  # the lock is held, nothing is written yet
    "generation_made",  # the folder of the new generation exists
    "landing_copied",  # one source's last landing file is copied, not loaded yet
    "loading",  # a source's own process is at work
    "loaded",  # every source ended
    "remembered_copied",  # what only we remember is in place for dbt
    "decisions_appended",  # the inbox's decisions are in the firm's file, their own files still lie there
    "building",  # dbt is at work
    "built",  # dbt is done, its tests passed
    "audited",  # the gates passed
    "writing",  # half of the warehouse file's tables are written
    "written",  # the warehouse file is closed
    "scanned",  # every column was read back and agrees
    "manifest_written",
    "synced",  # files and folder are on the disk
    "renamed",  # the folder has its final name, nobody reads it yet
    "published",  # the pointer names the new generation
    "remembered_kept",  # remembered rows are appended to the files that are never dropped
    "old_dropped",  # generations beyond the last three are gone
)

# Where an erasure can be killed besides.
OF_ERASING = (
    "erasure_listed",  # the person is on the list, and still everywhere
    "landing_rewritten",  # raw rows are without the person, in new files nobody reads
    "half_tidied",  # published; older generations are gone, what is kept beside them is not yet rewritten
    "tidied",  # nothing holds the person any more, and that is not yet written down
)


def reached(step: str) -> None:
    if step not in (*STEPS, *OF_ERASING):
        raise ValueError(f"{step} is not a named step")
    if os.environ.get("CRASH_AT") == step:
        os.kill(os.getpid(), signal.SIGKILL)

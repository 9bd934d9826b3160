"""A module of Python run as a command that looks through its memory for rubbish seldom: `… sqlfluff lint models`.

dbt and sqlfluff hold the whole project in memory, and a third of a lint was spent on looking through it.
"""

import gc
import runpy
import sys

from pipelines.dbt_process import SELDOM

DBT = [sys.executable, __file__, "dbt.cli.main", "--quiet"]

# Processes that the command starts take this file for their own beginning.
if __name__ in ("__main__", "__mp_main__"):
    gc.set_threshold(*SELDOM)
if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__")

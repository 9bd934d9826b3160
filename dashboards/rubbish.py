"""What is loaded for a page stays for good, and is not searched for rubbish again.

Streamlit looks through all of memory after every run, for half the time that a click in a part of a page may take.
"""

import atexit
import gc
from functools import cache

# At the end nothing is left out, or libraries say that they were never let go of.
atexit.register(gc.unfreeze)


@cache
def kept_from(_page: str) -> None:
    """Called once a page has been drawn: the first time, what is there now is left out of every later search."""
    gc.collect()
    gc.freeze()

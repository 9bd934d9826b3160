"""The pages, and what is sent and asked beside them."""

import os

# Frames of a page are small and readers are many: each of them keeps to one thread. Read when polars is first loaded.
os.environ.setdefault("POLARS_MAX_THREADS", "1")

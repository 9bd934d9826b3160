"""A document printed by chromium, without a window, in a folder of its own that is gone afterwards."""

import os
import re
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from dashboards import pictures

SECONDS = 60
WIDTH = 1200
# No graphics card draws more points in one direction.
MOST_POINTS = 16_000
OPTIONS = (
    "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
    "--disable-background-networking", "--disable-extensions", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip
MEASURE = "<script>document.documentElement.dataset.height = document.documentElement.scrollHeight</script></body>"
# A browser takes a core and a few hundred megabytes: readers who ask at once wait for each other.
_turn = threading.Lock()


def pdf(document: str) -> bytes:
    """Raises pictures.Unavailable."""
    with _turn, tempfile.TemporaryDirectory(prefix="page-") as folder:
        made = Path(folder, "page.pdf")
        _run(folder, document, "--no-pdf-header-footer", f"--print-to-pdf={made}")
        return _read(made)


def png(document: str) -> bytes:
    """As wide as a screen and as high as it needs to be. Raises pictures.Unavailable."""
    with _turn, tempfile.TemporaryDirectory(prefix="page-") as folder:
        measured = _run(folder, document.replace("</body>", MEASURE), f"--window-size={WIDTH},800", "--dump-dom")
        found = re.search(r'<html[^>]* data-height="(\d+)"', measured)
        if found is None:
            raise pictures.Unavailable("the browser did not say how long the page is")
        height, made = min(int(found[1]), MOST_POINTS), Path(folder, "page.png")
        scale = 2 if height * 2 <= MOST_POINTS else 1
        size = (f"--window-size={WIDTH},{height}", f"--force-device-scale-factor={scale}")
        _run(folder, document, *size, f"--screenshot={made}")
        return _read(made)


def _run(folder: str, document: str, *asked: str) -> str:
    browser = pictures.browser()
    if browser is None:
        raise pictures.Unavailable(f"no browser: none of {', '.join(pictures.BROWSERS)} is installed")
    page = Path(folder, "page.html")
    page.write_text(document, encoding="utf-8")
    # As root chromium has no sandbox to start.
    options = (*OPTIONS, *(["--no-sandbox"] if os.geteuid() == 0 else []), f"--user-data-dir={folder}/profile", *asked)
    command = [browser, *options, page.as_uri()]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8", start_new_session=True
    ) as running:
        try:
            said, _ = running.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired as error:
            os.killpg(running.pid, signal.SIGKILL)
            raise pictures.Unavailable(f"the browser took longer than {SECONDS} seconds") from error
    if running.returncode:
        raise pictures.Unavailable(f"the browser ended with {running.returncode}")
    return said


def _read(made: Path) -> bytes:
    if not made.is_file():
        raise pictures.Unavailable("the browser made no file")
    return made.read_bytes()

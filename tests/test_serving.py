"""The dashboard is for this machine: it listens on loopback, keeps other sites out, and calls nobody."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The server as `make dashboard` starts it, over a folder where nothing is published yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboards/server.py", "--server.port", str(port)]
    environment = {**os.environ, "DATA_DIR": str(tmp_path_factory.mktemp("nothing"))}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=5):
                    break
            except OSError:
                time.sleep(0.25)
        else:
            pytest.fail("the dashboard did not start within a minute")
        yield psutil.Process(process.pid), port
    finally:
        process.terminate()
        process.wait(20)


def test_it_listens_on_this_machine_only(served):
    process, port = served
    listening = [row.laddr for row in process.net_connections() if row.status == psutil.CONN_LISTEN]
    assert [(address.ip, address.port) for address in listening] == [("127.0.0.1", port)]


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/trust"])
def test_every_answer_keeps_other_sites_out(served, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{served[1]}{path}", timeout=10) as answer:
        headers = answer.headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_a_page_asked_for_under_another_name_is_refused(served):
    request = urllib.request.Request(f"http://127.0.0.1:{served[1]}/", headers={"Host": "elsewhere.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, timeout=10)
    assert 400 <= refused.value.code < 500


def test_it_calls_nobody(served):
    process, _ = served
    for _ in range(20):
        reached = {row.raddr.ip for row in process.net_connections() if row.raddr}
        assert reached <= {"127.0.0.1"}
        time.sleep(0.1)

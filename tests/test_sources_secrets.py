"""What a source is trusted with, and what it is given for it, is found nowhere: every file and word is searched."""

import logging
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines import logs
from pipelines.configuration import Source
from pipelines.failures import SourceFailed
from pipelines.sandbox.answers import CLIENT_ID
from pipelines.sandbox.faults import Fault
from pipelines.sandbox.server import Sandbox, serve
from pipelines.sandbox.trouble import Trouble
from pipelines.sandbox.vendors import spoken
from tests.firm import Firm
from tests.source_at_work import QUICK, at_work, known, tried

ROWS = 4
# One that is asked over HTTP, and a database.
FAILING = (("salesforce", True), ("comarch_xl", True))
# A value of an answer that gives out a token, long enough to be one.
GIVEN_OUT = re.compile(rb':\s*"([\w-]{16,})"')


def trusted_with(sandbox: Sandbox, system: str) -> set[str]:
    """What is set and must be told to nobody. The sandbox's client id is its own name, and stands in addresses."""
    found = set(logs.secrets([Source(system, system, sandbox.settings(system))])) - {CLIENT_ID}
    assert found, "a system is read by somebody"
    return found


@pytest.fixture
def given(monkeypatch) -> set[str]:
    """What goes over the line to prove who asks: tokens, sessions, and a login as a header has it."""
    found: set[str] = set()
    answered = Trouble.answered

    async def listening(self, scope, receive):
        answer = await answered(self, scope, receive)
        proof = dict(scope["headers"]).get(b"authorization", b"").split()
        found.update(part.decode() for part in proof[-1:])
        if self.sandbox.asked(scope["path"], "")[1] == "token":
            found.update(one.decode() for one in GIVEN_OUT.findall(answer.body))
        return answer

    monkeypatch.setattr(Trouble, "answered", listening)
    return found


def nowhere(markers: Iterable[str], said: str, folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 2
    for marker in markers:
        assert marker not in said
        assert not [path for path in files if marker.encode() in path.read_bytes()]


@pytest.mark.parametrize("system", tried(spoken()))
def test_no_secret_reaches_a_file_a_log_an_error_or_an_address(system, given, tmp_path, monkeypatch, capfd, caplog):
    caplog.set_level(logging.DEBUG)
    # dlt's folder stays, to be searched as well.
    monkeypatch.setattr("pipelines.load.shutil", SimpleNamespace(rmtree=lambda *_, **__: None))
    its = known(system)
    with at_work(system, its.records(ROWS), tmp_path, monkeypatch, its.STREAMS) as source:
        source.load()
        shutil.move(source.folder / "work", source.folder / "work of the first load")
        source.sandbox.faults = [Fault("500", entity=its.ENTITY, times=None)]
        with pytest.raises(SourceFailed) as caught:
            source.load()
        markers = trusted_with(source.sandbox, system) | given
        addresses = " ".join(path for _, path, _ in source.sandbox.requests)
    said = "".join([str(caught.value), repr(caught.value), caplog.text, *capfd.readouterr(), addresses])
    nowhere(markers, said, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(("system", "fails"), [*((one, False) for one in sorted(spoken())), *FAILING])
def test_no_secret_reaches_what_a_refresh_writes_says_or_publishes(system, fails, given, tmp_path):
    """Landing file, warehouse, manifest, state, logs of one that published, or of one whose source failed."""
    firm = Firm(tmp_path)
    firm.export(3)
    with serve({system: known(system).records(ROWS)}) as sandbox:
        sandbox.faults = [Fault("500", entity=known(system).ENTITY, times=None)] if fails else ()
        ended = firm.run(**on(sandbox, system))
        assert ended.code == (5 if fails else 0), ended.said
        loaded = "select rows_loaded > 0 from marts.source_loads where system <> 'files'"
        assert fails or firm.rows(loaded) == [(True,)]
        markers = trusted_with(sandbox, system) | given
    nowhere(markers, ended.said, firm.data)


def on(sandbox: Sandbox, system: str) -> dict[str, str]:
    """The settings of a firm that has the system on, beside its files."""
    told = sandbox.settings(system) | QUICK
    return {"SOURCES": f"files {system}"} | {f"{system}__{name}".upper(): value for name, value in told.items()}

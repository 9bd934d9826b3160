"""The README's "Add a system", step by step, with a CRM that does not exist: its deals become figures."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SYSTEM, KEY = "acorn", "acorn-key-of-a-reader"
OWN = (f"pipelines/sources/{SYSTEM}.py", f"dbt_project/models/staging/{SYSTEM}/")
LINES_ALLOWED = 3

SOURCE = '''
"""Acorn, a CRM that nobody sells."""

from collections.abc import Iterator
from typing import Any

import dlt

from pipelines.about import About
from pipelines.extraction import Envelope, Http, Page, Reading, Scope, Since, Stream, Unavailable, columns
from pipelines.extraction import follow, resource

NEEDS = ("BASE_URL", "API_KEY")
ABOUT = About(
    name="Acorn",
    kind="crm",
    interface="API 1",
    user="a reader under Settings, Users",
    rights={"Reader": "companies, deals"},
    settings={"BASE_URL": "its address, e.g. https://example.com", "API_KEY": "the key of the reader"},
    history="none",
    deletes="rows say it themselves",
    page=100,
)
PAGE = Envelope(records="items", next="next", param="after")


def entity(name: str, **fields: str) -> Stream:
    timestamp = "changedAt " + fields.pop("timestamp", "")
    declared = columns(bool="isDeleted", timestamp=timestamp, **fields)
    return Stream(name, name, cursor="changedAt", swept=True, deleted="isDeleted", columns=declared)


STREAMS = [
    entity("companies", text="id name taxNumber country", timestamp="createdAt"),
    entity("deals", text="id companyId title state currency", decimal="value", timestamp="createdAt closedAt"),
]


@dlt.source(name="acorn", max_table_nesting=0)
def acorn(reading: Reading) -> Iterator[Any]:
    options = reading.options
    signature = {"x-api-key": options.secret("API_KEY")}
    http = Http(options.source, options.required("BASE_URL"), options.limits(), refused, signature=signature)

    def pages(stream: Stream, since: Since) -> Iterator[Page]:
        given = {"limit": "100"} | ({"since": f"{since:%Y-%m-%dT%H:%M:%SZ}"} if since else {})
        return follow(http, stream.entity, PAGE, f"{http.base_url}/{stream.entity}", given)

    def keys(stream: Stream) -> Iterator[Page]:
        return pages(stream, None)

    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [Scope(pages, keys)], http)


def refused(status: int, _body: bytes) -> Exception | str | None:
    return Unavailable("not available: no right to read it (403)") if status == 403 else None
'''
ACCOUNTS = """
select
    source,
    {{ key('source', 'id') }} as account_key,
    name,
    tax_number as tax_id,
    country as country_code,
    true as is_customer,
    created_at,
    changed_at as updated_at
from {{ raw('acorn', 'companies') }}
where not is_deleted
"""
DEALS = """
select
    source,
    {{ key('source', 'id') }} as deal_key,
    {{ key('source', 'company_id') }} as account_key,
    title as name,
    state as status,
    currency as currency_code,
    value as amount,
    created_at,
    closed_at
from {{ raw('acorn', 'deals') }}
where not is_deleted
"""
DESCRIBED = "\n".join(
    ["version: 2", "models:"]
    + [f"  - {{name: stg_acorn__{name}, description: One row per {name} of Acorn.}}" for name in ("accounts", "deals")]
)
CHANGED = {"changedAt": "2026-03-01T08:00:00Z", "isDeleted": False}
RECORDS = {
    "companies": [
        {"id": f"C{n}", "name": name, "taxNumber": tax, "country": "PL", "createdAt": "2026-01-01T08:00:00Z"} | CHANGED
        for n, (name, tax) in enumerate([("Alfa sp. z o.o.", "5260001246"), ("Beta S.A.", None)])
    ],
    "deals": [
        {"id": f"D{n}", "companyId": f"C{n % 2}", "title": f"Deal {n}", "state": state, "currency": "PLN"}
        | {"value": value, "createdAt": "2026-02-01T08:00:00Z", "closedAt": closed}
        | CHANGED
        for n, (state, value, closed) in enumerate(
            [("won", 1000.50, "2026-02-20T08:00:00Z"), ("lost", 70, "2026-02-21T08:00:00Z"), ("open", 300, None)]
        )
    ],
}


class Acorn(BaseHTTPRequestHandler):
    """What answers in its place: two lists, two records to a page."""

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        rows = RECORDS.get(address.path.strip("/"))
        start = int(parse_qs(address.query).get("after", ["0"])[0])
        status = 401 if self.headers.get("x-api-key") != KEY else 404 if rows is None else 200
        more = str(start + 2) if rows and start + 2 < len(rows) else None
        body = json.dumps({"items": (rows or [])[start : start + 2], "next": more}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def acorn() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Acorn)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A copy of the product, and in it the steps of the README."""
    folder = tmp_path_factory.mktemp("product")
    left_out = shutil.ignore_patterns("__pycache__", "target", "logs", "*.egg-info")
    for part in ("pipelines", "dbt_project"):
        shutil.copytree(ROOT / part, folder / part, ignore=left_out)
    write(folder / f"pipelines/sources/{SYSTEM}.py", SOURCE)
    staging = folder / f"dbt_project/models/staging/{SYSTEM}"
    write(staging / f"stg_{SYSTEM}__accounts.sql", ACCOUNTS)
    write(staging / f"stg_{SYSTEM}__deals.sql", DEALS)
    write(staging / f"stg_{SYSTEM}__coverage.sql", f"{{{{ covered('{SYSTEM}') }}}}\n")
    write(staging / f"_{SYSTEM}.yml", DESCRIBED)
    insert(folder / "dbt_project/macros/feeds.sql", after="do return({", lines=shown("sql"))
    insert(folder / "dbt_project/dbt_project.yml", after="+materialized: view", lines=shown("yaml"))
    return folder


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text.lstrip("\n"), encoding="utf-8")


def shown(language: str) -> list[str]:
    """The lines that the README says are to be added, for this system."""
    section = README.split("## Add a system")[1].split("\n## ")[0]
    block = re.search(rf"```{language}\n(.*?)\n *```", section, re.DOTALL)[1]
    return [line.replace("<system>", SYSTEM) for line in block.splitlines()]


def insert(path: Path, after: str, lines: list[str]) -> None:
    """Behind the first line that says so."""
    text = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(text) if after in line) + 1
    path.write_text("\n".join([*text[:place], *lines, *text[place:]]) + "\n", encoding="utf-8")


def run(project: Path, acorn: str, *command: str) -> subprocess.CompletedProcess:
    own = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    settings = {"SOURCES": SYSTEM, "ACORN__BASE_URL": acorn, "ACORN__API_KEY": KEY, "TIME_ZONE": "Europe/Warsaw"}
    settings |= {"AS_OF": "2026-03-31", "REPORTING_CURRENCY": "PLN", "DATA_DIR": "data", "PYTHONPATH": str(project)}
    return subprocess.run(
        [sys.executable, "-m", "pipelines", *command], cwd=project, env=own | settings, capture_output=True, text=True
    )


def touched(project: Path) -> dict[str, int]:
    """Lines that are other than in the product, by file; the system's own files are not counted."""
    found = {}
    for part in ("pipelines", "dbt_project"):
        for path in sorted(one for one in (project / part).rglob("*") if one.is_file()):
            name = path.relative_to(project).as_posix()
            if name.startswith(OWN) or "__pycache__" in name:
                continue
            before = (ROOT / name).read_text("utf-8").splitlines() if (ROOT / name).exists() else []
            after = path.read_text("utf-8").splitlines()
            if after != before:
                found[name] = sum(line not in before for line in after)
    return found


def test_a_system_is_its_own_files_and_three_lines(project):
    assert touched(project) == {"dbt_project/dbt_project.yml": 2, "dbt_project/macros/feeds.sql": 1}
    assert sum(touched(project).values()) <= LINES_ALLOWED


def test_it_is_on_the_page_of_systems_before_anything_is_loaded(project, acorn):
    done = run(project, acorn, "docs")
    assert done.returncode == 0, done.stdout + done.stderr
    page = (project / "data/docs/sources.html").read_text(encoding="utf-8")
    assert '<h2 id="acorn">Acorn' in page and "ACORN__API_KEY=" in page and "taxNumber" in page


def test_it_can_be_checked(project, acorn):
    done = run(project, acorn, "check", SYSTEM)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "deals can be read" in done.stdout


@pytest.mark.long
def test_its_deals_become_figures(project, acorn):
    done = run(project, acorn, "refresh")
    assert done.returncode == 0, done.stdout + done.stderr
    with duckdb.connect(str((project / "data/warehouse.duckdb").resolve()), read_only=True) as connection:
        won = "select sum(won_amount), count(*) filter (is_closed) from marts.funnel_to_cash where anchor_kind = 'deal'"
        assert [tuple(map(float, row)) for row in connection.execute(won).fetchall()] == [(1000.50, 2)]
        names = "select name from canonical.customers order by 1"
        assert connection.execute(names).fetchall() == [("Alfa sp. z o.o.",), ("Beta S.A.",)]
        fed = "select entity, is_fed, rows_counted from canonical.coverage order by 1"
        assert connection.execute(fed).fetchall() == [("accounts", True, 2), ("deals", True, 3)]

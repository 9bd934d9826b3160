"""Rows per second and peak memory from HTTP to raw, and the same pages as Python dicts: `make bench`.

    python -m tests.bench.loading [size …]

The sandbox serves from a process of its own. Every measured step is a process, too, so that its peak memory is its own.
Pages are recorded once; both roads then start from the same bytes, and HTTP is not in their seconds.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

NOW = datetime(2026, 11, 20, 22, 59, 59)
CREDENTIALS = {"client_id": "sandbox", "client_secret": "sandbox-secret", "http__requests_per_second": "1000"}
# A wide flat set, and documents with their lines. Dicts are slow: beyond this the comparison would take all day.
COMPARED = ("general_ledger_entries", "sales_invoices")
COMPARED_ROWS = 400_000


def main(sizes: list[float]) -> None:
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(size, Path(folder))


def measure(size: float, folder: Path) -> None:
    server = started("serve", str(size))
    addresses = json.loads(server.stdout.readline())
    print(f"size {size:g}, from HTTP to raw")
    for system in ("salesforce", "business_central"):
        told = step("from_http", str(folder), system, json.dumps(addresses[system]))
        print(f"  {system:<18}{spelled(told)}, of it {told['http']:.1f} s in HTTP, {told['requests']} requests")
    step("record", str(folder), json.dumps(addresses["business_central"]))
    server.stdin.close()
    server.wait()
    print(f"size {size:g}, from the recorded pages of {' and '.join(COMPARED)}, at most {COMPARED_ROWS:,} rows of each")
    arrow, dicts = step("as_arrow", str(folder)), step("as_dicts", str(folder))
    print(f"  as Arrow tables   {spelled(arrow)}")
    print(f"  as Python dicts   {spelled(dicts)}")
    assert arrow["sum"] == dicts["sum"] and arrow["rows"] == dicts["rows"], "both roads end with the same rows"
    faster = [dicts[unit] / arrow[unit] for unit in ("seconds", "processor")]
    print(f"  Arrow is {faster[0]:.1f} times as fast, {faster[1]:.1f} times by processor time")


def spelled(told: dict[str, Any]) -> str:
    pace = told["rows"] / told["seconds"]
    times = f"{told['seconds']:>7.1f} s ({told['processor']:.1f} s of processor)"
    return f"{told['rows']:>10,} rows {times} {pace:>9,.0f} rows/s {told['peak']:>6,.0f} MB at most"


def started(*arguments: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.bench.loading", *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def step(*arguments: str) -> dict[str, Any]:
    """Run one step in a process and hear what it measured."""
    process = started(*arguments)
    said, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"{arguments[0]} failed")
    return json.loads(said.splitlines()[-1])


def serve_company(size: str) -> dict[str, Any]:
    from pipelines.sandbox.company import Company
    from pipelines.sandbox.server import serve

    company = Company(date(2026, 11, 20), float(size))
    for system in ("salesforce", "business_central"):
        company.records(system)
    with serve(company) as sandbox:
        business_central = {"base_url": sandbox.business_central_url, "token_url": sandbox.token_url}
        addresses = {"salesforce": {"base_url": sandbox.salesforce_url}, "business_central": business_central}
        print(json.dumps(addresses), flush=True)
        sys.stdin.read()
    return {}


def from_http(folder: str, system: str, address: str) -> dict[str, Any]:
    from pipelines.http import Http
    from pipelines.load import load

    waited, send = [0.0], Http._send

    def timed(*arguments: Any, **options: Any) -> Any:
        begun = time.monotonic()
        answer = send(*arguments, **options)
        waited[0] += time.monotonic() - begun
        return answer

    Http._send = timed
    settings = CREDENTIALS | json.loads(address)
    landing, workdir = Path(folder) / f"{system}.duckdb", Path(folder) / "work"
    result = load(system, system, landing, workdir, settings=settings, now=NOW)
    rows = sum(result.rows.values())
    return {"rows": rows, "seconds": result.seconds, "http": waited[0], "requests": result.requests}


def record(folder: str, address: str) -> dict[str, Any]:
    """The pages as they came, one file each."""
    from pipelines import paging
    from pipelines.extraction import Options
    from pipelines.sources import business_central as source

    kept: list[bytes] = []
    split = paging.split
    paging.split = lambda body, envelope: kept.append(body) or split(body, envelope)
    http = source.connected(Options("business_central", CREDENTIALS | json.loads(address)))
    company = source.once(http, "companies", source.PAGE, f"{http.base_url}/{source.STANDARD}/companies")[0]["id"]
    warm = Path(folder) / "warm"
    warm.mkdir()
    for stream in streams():
        kept.clear()
        rows = 0
        for page in source.pages(http, company, stream, None):
            (Path(folder) / f"{stream.name}-{len(kept):04}.json").write_bytes(kept[-1])
            rows += len(page.records)
            if rows >= COMPARED_ROWS:
                break
        few = {"value": json.loads(kept[0])["value"][:10]}
        (warm / f"{stream.name}-0001.json").write_text(json.dumps(few))
    return {}


def streams() -> list[Any]:
    from pipelines.sources import business_central

    return [stream for stream in business_central.STREAMS if stream.name in COMPARED]


def recorded(folder: str, name: str) -> Iterator[bytes]:
    for path in sorted(Path(folder).glob(f"{name}-*.json")):
        yield path.read_bytes()


def as_arrow(folder: str) -> dict[str, Any]:
    arrow_road(f"{folder}/warm")  # what is imported late is imported now
    return arrow_road(folder)


def as_dicts(folder: str) -> dict[str, Any]:
    dict_road(f"{folder}/warm")
    return dict_road(folder)


def arrow_road(folder: str) -> dict[str, Any]:
    import dlt

    from pipelines.envelope import split
    from pipelines.extraction import Http, Options, Reading, Scope, resource
    from pipelines.http import Limits
    from pipelines.sources.business_central import PAGE

    reading = Reading(Options("business_central"), NOW, "UTC")
    idle = Http("business_central", "http://127.0.0.1", Limits(), lambda *_: None)
    scope = Scope(
        pages=lambda stream, _since: (split(body, PAGE) for body in recorded(folder, stream.name)),
        keys=lambda _stream: iter(()),
        leading={"company_id": "1", "company_name": "Parts"},
    )

    def read() -> Any:
        return dlt.source(lambda: [resource(reading, stream, [scope], idle) for stream in streams()], name="bench")()

    return loaded(folder, "arrow", read)


def dict_road(folder: str) -> dict[str, Any]:
    """The best that dicts can do: declared columns, lines taken apart beforehand, orjson, parquet files."""
    import dlt
    from dlt.common import json as quick

    from pipelines.raw_tables import HINTS, MERGED
    from pipelines.streams import Stream, snake

    def rows(stream: Stream, lines: bool) -> Iterator[list[dict[str, Any]]]:
        told = {column.field: column.name for column in (stream.lines if lines else stream).columns}
        for body in recorded(folder, stream.name):
            records = quick.loadb(body)["value"]
            if lines:
                records = [line for record in records for line in record[stream.lines.entity]]
            yield [
                {"company_id": "1", **{name: record[field] for field, name in told.items()}, "is_deleted": False}
                for record in records
            ]

    def made(stream: Stream, lines: bool = False) -> Any:
        table = stream.lines if lines else stream
        told = {column.name: dict(HINTS[column.type]) for column in table.columns}
        return dlt.resource(
            lambda: rows(stream, lines),
            name=table.name,
            columns=told,
            primary_key=["company_id", snake(table.key)],
            merge_key=["company_id", "document_id"] if lines else None,
            write_disposition=MERGED,
            max_table_nesting=0,
        )

    def read() -> Any:
        both = [made(stream) for stream in streams()] + [made(stream, True) for stream in streams() if stream.lines]
        return dlt.source(lambda: both, name="bench", max_table_nesting=0)()

    return loaded(folder, "dicts", read)


def loaded(folder: str, road: str, read: Any) -> dict[str, Any]:
    import os

    import duckdb

    from pipelines.load import QUIET, run

    os.environ.update(QUIET)
    landing = Path(folder) / f"{road}.duckdb"
    begun, used = time.monotonic(), time.process_time()
    run("business_central", read, landing, Path(folder) / road)
    seconds, processor = time.monotonic() - begun, time.process_time() - used
    with duckdb.connect(str(landing), read_only=True) as connection:
        tables = ["general_ledger_entries", "sales_invoices", "sales_invoice_lines"]
        counts = [
            len(connection.execute("select 1 from query_table(?)", [f"raw.{name}"]).fetchall()) for name in tables
        ]
        total = "select sum(debit_amount), (select sum(net_amount) from raw.sales_invoice_lines)"
        sums = connection.execute(f"{total} from raw.general_ledger_entries").fetchall()[0]
    found = {"rows": sum(counts), "sum": [str(value) for value in sums]}
    return {**found, "seconds": seconds, "processor": processor}


STEPS = {"serve": serve_company, "from_http": from_http, "record": record, "as_arrow": as_arrow, "as_dicts": as_dicts}

if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked and asked[0] in STEPS:
        found = STEPS[asked[0]](*asked[1:])
        used = resource.getrusage(resource.RUSAGE_SELF)
        found["peak"] = used.ru_maxrss / 1024  # Linux tells kilobytes
        found.setdefault("processor", used.ru_utime + used.ru_stime)
        print(json.dumps(found))
    else:
        main([float(size) for size in asked] or [1, 10])

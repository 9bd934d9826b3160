"""The sandbox: one local address that speaks the vendors' interfaces over a simulated company.

    with serve(company) as sandbox:
        sandbox.salesforce_url         # http://127.0.0.1:PORT                           ("My Domain")
        sandbox.business_central_url   # http://127.0.0.1:PORT/v2.0/sandbox/production   (+ /api/v2.0/companies…)
        sandbox.token_url              # Business Central's: http://127.0.0.1:PORT/sandbox/oauth2/v2.0/token
        sandbox.bank_url("nbp")        # http://127.0.0.1:PORT/nbp                       (cbr and ecb likewise)
        sandbox.settings("salesforce") # what a source is told so that it reads from here
        sandbox.requests               # [("GET", "/services/data/v66.0/query?q=SELECT Id FROM Account", 200), …]
        sandbox.records = other        # the day moves on: a company, or {system: {entity: polars frame}}
        sandbox.faults = [Fault("429", entity="Account", on=2, value=1)]
        sandbox.expire_tokens()        # every token given out so far ends

Client id "sandbox", client secret "sandbox-secret"; Salesforce's token address is its url + /services/oauth2/token.
`page_rows` caps the rows of a page for every vendor, so that small frames make many pages. In `requests` the status
is 0 where no answer was given. Frames are named as the vendor's objects and hold JSON-ready columns; where Business
Central has several companies, a column companyId says whose row it is.
"""

import secrets
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import uvicorn
from starlette.applications import Starlette

from pipelines.sandbox import central_banks
from pipelines.sandbox.answers import CLIENT_ID, CLIENT_SECRET
from pipelines.sandbox.connections import Connection
from pipelines.sandbox.faults import Fault, Faults
from pipelines.sandbox.tables import Records
from pipelines.sandbox.trouble import Trouble
from pipelines.sandbox.vendors import spoken

__all__ = ["CLIENT_ID", "CLIENT_SECRET", "Fault", "Sandbox", "serve"]

SPOKEN = spoken()
KEYS = {system: vendor.keys for system, vendor in SPOKEN.items()}


class Sandbox:
    """What is served and what was asked."""

    def __init__(self, url: str, records: Any, faults: Iterable[Fault], page_rows: int | None) -> None:
        self.url = self.salesforce_url = url
        self.business_central_url = f"{url}/v2.0/sandbox/production"
        self.token_url = f"{url}/sandbox/oauth2/v2.0/token"
        self.page_rows = page_rows
        self.requests: list[tuple[str, str, int]] = []
        self.records = records
        self.faults = faults
        self._tokens: set[tuple[str, str]] = set()
        self.vendors = {system: vendor.VENDOR(self) for system, vendor in SPOKEN.items()}
        self.vendors |= {bank: made(self) for bank, made in central_banks.BANKS.items()}

    @property
    def records(self) -> Records:
        return self._records

    @records.setter
    def records(self, records: Any) -> None:
        self._records = Records(records, KEYS)

    @property
    def faults(self) -> Faults:
        return self._faults

    @faults.setter
    def faults(self, faults: Iterable[Fault]) -> None:
        self._faults = Faults(faults)

    def bank_url(self, bank: str) -> str:
        return f"{self.url}/{bank}"

    def settings(self, system: str) -> dict[str, str]:
        """What a source is told so that it reads from here."""
        return SPOKEN[system].settings(self) if system in SPOKEN else {"base_url": self.bank_url(system)}

    def issue(self, system: str) -> str:
        token = secrets.token_urlsafe(32)
        self._tokens.add((system, token))
        return token

    def knows(self, authorization: str, system: str) -> bool:
        return (system, authorization.removeprefix("Bearer ")) in self._tokens

    def expire_tokens(self) -> None:
        self._tokens.clear()

    def asked(self, path: str, query: str) -> tuple[str, str]:
        """The vendor and the entity a request is about."""
        found = ((system, vendor.asked(path, query)) for system, vendor in self.vendors.items())
        return next(((system, entity) for system, entity in found if entity is not None), ("", ""))


@contextmanager
def serve(
    records: Any, faults: Iterable[Fault] | None = None, port: int = 0, page_rows: int | None = None
) -> Iterator[Sandbox]:
    """Serve a company, or its records, on 127.0.0.1 until the block ends; port 0 takes a free one."""
    listening = socket.create_server(("127.0.0.1", port))
    sandbox = Sandbox(f"http://127.0.0.1:{listening.getsockname()[1]}", records, faults or (), page_rows)
    routes = [route for vendor in sandbox.vendors.values() for route in vendor.routes()]
    app = Trouble(Starlette(routes=routes), sandbox)
    quiet = {"log_config": None, "log_level": "warning", "access_log": False}
    config = uvicorn.Config(app, http=Connection, lifespan="off", ws="none", timeout_keep_alive=75, **quiet)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield sandbox
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()

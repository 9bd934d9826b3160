"""A small demo company read over the vendors' interfaces and put together by dbt, without the laws a refresh checks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines import company_facts, configuration, demo
from pipelines.erased import Erased
from pipelines.load import load
from tests import published, staged
from tests.published import AS_OF
from tests.source_at_work import QUICK

EVENING = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 22, 59, 59)


class Small:
    def __init__(self, connection, company) -> None:
        self.connection, self.company = connection, company

    @cached_property
    def truth(self) -> dict[str, pl.DataFrame]:
        return self.company.truth()

    def rows(self, sql: str) -> pl.DataFrame:
        return self.connection.sql(sql).pl()

    accounts = published.Published.accounts


@contextmanager
def small(folder: Path, company: str, scale: str, marts: str) -> Iterator[Small]:
    from pipelines.sandbox.companies import SIMULATED

    asked = {"COMPANY": company, "SANDBOX_SCALE": scale, "AS_OF": AS_OF.isoformat(), "DATA_DIR": str(folder)}
    wanted, attached = configuration.read(asked), []
    with demo.served(wanted) as served:
        for source in served.sources:
            landing, known = folder / f"{source.stem}.duckdb", {**source.settings, **QUICK}
            work = folder / source.stem
            load(source.name, source.system, landing, work, settings=known, now=EVENING, erased=Erased())
            attached.append({"path": str(landing), "alias": source.stem, "read_only": True})
    project = company_facts.project(staged.PROJECT, folder / "company", folder, demo.facts(wanted))
    with staged.built(folder, attached, marts, AS_OF.isoformat(), project=project) as connection:
        connection.execute("use work")
        yield Small(connection, SIMULATED[company](AS_OF, float(scale)))

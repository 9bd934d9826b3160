"""SAP S/4HANA, an ERP, over its OData V2 services. BASE_URL is the host's address, before /sap/opu/odata/sap.

https://api.sap.com/package/SAPS4HANACloud/odata
"""

from collections.abc import Iterator
from typing import Any

import dlt

from pipelines.extraction import Reading, Scope, Since, Stream, resource
from pipelines.sources.s4hana.about import ABOUT
from pipelines.sources.s4hana.asking import Questions
from pipelines.sources.s4hana.connection import connected
from pipelines.sources.s4hana.streams import STREAMS

__all__ = ["ABOUT", "NEEDS", "STREAMS", "s4hana"]

NEEDS = ("BASE_URL",)


@dlt.source(name="s4hana", max_table_nesting=0)
def s4hana(reading: Reading) -> Iterator[Any]:
    """Every stream of one client of one system."""
    http = connected(reading.options)
    questions = Questions(http, reading.options, reading.today)

    def pages(stream: Stream, since: Since) -> Iterator[Any]:
        return questions.changed(stream, since)

    for stream in STREAMS:
        if reading.wants(stream):
            yield resource(reading, stream, [Scope(pages, questions.whole, questions.some)], http)

"""1C:Enterprise 8, an ERP, over its standard OData interface. BASE_URL is the infobase's address.

https://its.1c.ru/db/metod8dev#content:5846
"""

import base64
from collections.abc import Iterator
from typing import Any

import dlt

from pipelines.extraction import Absent, Http, Options, Reading, Scope, Unavailable, resource
from pipelines.sources.one_c.about import ABOUT
from pipelines.sources.one_c.asking import Questions, error
from pipelines.sources.one_c.profiles import placed, profile
from pipelines.sources.one_c.streams import STREAMS

__all__ = ["ABOUT", "NEEDS", "STREAMS", "one_c"]

NEEDS = ("BASE_URL", "USER", "PASSWORD", "PROFILE")


@dlt.source(name="one_c", max_table_nesting=0)
def one_c(reading: Reading) -> Iterator[Any]:
    """Every stream of one infobase, as far as its configuration has it."""
    options = reading.options
    # Its times are those of the clock of its server.
    reading.zone = options.text("SERVER_TIME_ZONE", reading.zone)
    http, sources = connected(options), profile(options)
    questions = Questions(http, options, reading.zone, sources)
    for stream in STREAMS:
        if reading.wants(stream):
            scope = Scope(questions.changed, questions.keys)
            yield resource(reading, placed(stream, sources[stream.name]), [scope], http)


def connected(options: Options) -> Http:
    login = f"{options.required('USER')}:{options.secret('PASSWORD')}".encode()
    signature = {"Authorization": "Basic " + base64.b64encode(login).decode()}
    # A question holds a session of the infobase, and with it a licence, until it is answered.
    limits = options.limits(requests_per_second=3)
    return Http(options.source, options.required("BASE_URL"), limits, refused, signature=signature)


def refused(status: int, body: bytes) -> Exception | str | None:
    code, message = error(body)
    if status == 403:
        return Unavailable(f"not available: no right to read it ({code or status})")
    if status == 404:
        return Absent(f"not available: it is not published or not in this configuration ({code or status})")
    if status == 400:
        return f"the question is refused ({code}: {message[:200]})"
    return None

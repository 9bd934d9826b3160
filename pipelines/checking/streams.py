"""The right to every stream, and its fields, by the shortest question that the source's own code can ask.

A stream is read as a load reads it, and each of its lists ends with its first page, of as few records as the vendor
allows (ABOUT.few). What comes is thrown away.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from pipelines.about import About
from pipelines.checking.findings import Finding, fix, note, well
from pipelines.envelope import Page
from pipelines.failures import SourceFailed
from pipelines.http import Http
from pipelines.load import cause
from pipelines.reading import Reading
from pipelines.streams import Stream

CREDENTIALS = "credentials"
REFUSED = re.compile(r"\b(token|secret|key|login|password|credentials)\b[^;:]*\b(refused|disabled|locked)\b")
# What HTTP says in its own words, and what that means to whoever set it up.
MEANINGS = {
    "the answer is not JSON": "what answers is no interface but, say, a web page: is BASE_URL the address that the"
    " guide names, and does no sign-in page of a proxy stand before it?",
    "no whole answer": "the connection broke off: does a proxy or a firewall cut it?",
    "did not answer with a token": "what answers there gives no token: is it the address that the guide names?",
}


def readable(
    reading: Reading, made: Callable[[Reading], Any], streams: list[Stream], about: About | None, secrets: str
) -> Iterator[Finding]:
    """Each stream in turn. What is wrong with all of them is said once, and the rest is not asked."""
    try:
        resources = made(reading).resources
    except Exception as error:
        yield _failed(_known(reading, error), secrets)
        return
    if isinstance(reading.http, Http):
        reading.http.ask = shortly(reading.http, about.few if about else {})
    before, accepted = "", False
    for stream in (one for one in streams if one.name in resources):
        failure = _asked(reading, resources[stream.name])
        if failure and (is_of_credentials(failure) or failure.message == before):
            yield _failed(failure, secrets)
            yield note("the rest", "was not asked: first this")
            return
        if not accepted and not failure:
            accepted = True
            yield well(CREDENTIALS, "are accepted")
        yield from told(reading, stream, about, failure)
        before = failure.message if failure else ""


def shortly(http: Http, few: dict[str, str]) -> Callable[..., Any]:
    """The source's way of asking, for a page that is the last one and holds as few records as can be."""
    ask = http.ask

    def short(entity: str, method: str, address: str, read: Callable[[bytes], Any], **options: Any) -> Any:
        for name, value in few.items():
            holder = "headers" if name in (options.get("headers") or {}) else "params"
            # Only what the question says already: another one, of a single record say, may not take it.
            if name in (options.get(holder) or {}):
                options[holder] = {**options[holder], name: value}
        found = ask(entity, method, address, read, **options)
        return replace(found, next=None) if isinstance(found, Page) else found

    return short


def _asked(reading: Reading, resource: Any) -> SourceFailed | None:
    try:
        for _ in resource:
            pass
    except Exception as error:
        return _known(reading, error)
    return None


def _known(reading: Reading, error: Exception) -> SourceFailed:
    return cause(error) or SourceFailed(reading.source, "", f"something unexpected happened ({type(error).__name__})")


def is_of_credentials(failure: SourceFailed) -> bool:
    return failure.entity == "token" or REFUSED.search(failure.message) is not None


def _failed(failure: SourceFailed, secrets: str) -> Finding:
    if REFUSED.search(failure.message):
        return fix(CREDENTIALS, f"{failure.message}: see {secrets}")
    return fix(failure.entity or "connection", meant(failure.message))


def told(reading: Reading, stream: Stream, about: About | None, failure: SourceFailed | None) -> Iterator[Finding]:
    """What became of one stream."""
    reason = failure.message if failure else reading.skipped.get(stream.name)
    rights = about.rights_for(stream.name, stream.entity) if about else []
    if reason and stream.optional and reading.reasons.get(stream.name) != "no_right":
        yield note(stream.name, f"{stream.entity}: {reason}; what rests on it stays empty")
    elif reason:
        asked_for = f"; ask the administrator for: {'; '.join(rights)}" if rights and "not available" in reason else ""
        yield fix(stream.name, f"{stream.entity}: {meant(reason)}{asked_for}")
    else:
        yield well(stream.name, f"{stream.entity} can be read")
    for words in reading.notes.get(stream.name, ()):
        if words != reason:
            yield note(stream.name, f"{stream.entity}: {words}; what rests on it stays empty")
    odd = {one.column_name for one in reading.quarantined if one.stream == stream.name}
    if odd:
        yield note(stream.name, f"{stream.entity}: a value that cannot be read in {', '.join(sorted(odd))}")


def meant(words: str) -> str:
    found = next((meaning for said, meaning in MEANINGS.items() if said in words), "")
    return f"{words}: {found}" if found else words

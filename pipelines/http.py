"""Requests to a vendor: a pace, retries within limits, one renewal of the token, and nothing sent to another host."""

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

from dlt.sources.helpers.requests import Session
from requests import PreparedRequest, RequestException, Response

from pipelines.failures import Broken, SourceFailed

T = TypeVar("T")
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
BURST_SECONDS = 5
# Too many requests, an operation that took too long, and whatever the server itself calls its own fault.
RETRIED = {408, 429, *range(500, 600)}


@dataclass(frozen=True)
class Limits:
    """Every one of these is a setting of its name under HTTP, for all sources or for one of them."""

    requests_per_second: float = 10
    attempts: float = 6
    backoff_seconds: float = 1
    longest_wait_seconds: float = 300
    timeout_seconds: float = 120
    time_limit_minutes: float = 240
    pages: float = 100_000


class Tokens(Protocol):
    @property
    def asked(self) -> int: ...

    def token(self, renewed: bool = False) -> str: ...


class Signs(Protocol):
    """Makes a request known as ours where each has to be signed anew."""

    @property
    def asked(self) -> int: ...

    def sign(self, request: PreparedRequest) -> None: ...


# What a refusal means, told by status and body: words that end the load, an exception to raise (Broken: ask again),
# None when the status says it all.
Explain = Callable[[int, bytes], Exception | str | None]
# What the headers of an answer ask for: seconds to wait before the next request, words that end the load, or nothing.
Asks = Callable[[Mapping[str, str]], float | str | None]


class Pace:
    """So many requests a second; some seconds' worth may go at once, for vendors count over minutes."""

    def __init__(self, per_second: float, burst_seconds: float = BURST_SECONDS) -> None:
        self.per_second, self.burst_seconds = per_second, burst_seconds
        self._next_at = 0.0

    def keep(self) -> None:
        now = time.monotonic()
        time.sleep(max(0.0, self._next_at - now))
        self._next_at = max(now - self.burst_seconds, self._next_at) + 1 / self.per_second

    def hold(self, seconds: float) -> None:
        self._next_at = max(self._next_at, time.monotonic() + seconds)


class Http:
    """One source's conversation with its vendor."""

    def __init__(
        self,
        source: str,
        base_url: str,
        limits: Limits,
        explain: Explain,
        tokens: Tokens | None = None,
        signature: Mapping[str, str] | None = None,  # headers that say who asks, where no token is asked for first
        asks: Asks | None = None,
        signs: Signs | None = None,
    ):
        self.source = source
        self.base_url = base_url.rstrip("/")
        self.limits = limits
        self.explain = explain
        self.tokens = tokens
        self.signature = dict(signature or {})
        self.asks = asks or retry_after
        self.signs = signs
        self.requests = 0
        self._session = Session(timeout=(10, limits.timeout_seconds), raise_for_status=False)
        # A proxy of the environment has no business between us and this machine.
        self._session.trust_env = urlsplit(base_url).hostname not in LOOPBACK
        self._pace = Pace(limits.requests_per_second)
        self._deadline = time.monotonic() + limits.time_limit_minutes * 60

    @property
    def asked(self) -> int:
        """Requests made, those for tokens too."""
        return self.requests + sum(other.asked for other in (self.tokens, self.signs) if other)

    def get(self, entity: str, address: str, read: Callable[[bytes], T], params: Any = None, headers: Any = None) -> T:
        """What `read` makes of the answer; it raises Broken when the body should be asked for again."""
        return self.ask(entity, "GET", self.address(entity, address), read, params=params, headers=headers)

    def address(self, entity: str, link: str) -> str:
        """A link made whole. The token goes to the source's own host and nowhere else."""
        whole = urljoin(self.base_url + "/", link)
        ours, theirs = urlsplit(self.base_url), urlsplit(whole)
        if (ours.scheme, ours.netloc) != (theirs.scheme, theirs.netloc):
            raise SourceFailed(
                self.source, entity, f"the next page is said to be on another host ({theirs.netloc}); it was not asked"
            )
        return whole

    def ask(self, entity: str, method: str, address: str, read: Callable[[bytes], T], **options: Any) -> T:
        renewed, problem = False, ""
        for attempt in range(int(self.limits.attempts)):
            wait: float | None = None
            try:
                answer = self._send(entity, method, address, **options)
                if answer.status_code == 401 and self.tokens and not renewed:
                    renewed = True
                    self.tokens.token(renewed=True)
                    answer = self._send(entity, method, address, **options)
                if 200 <= answer.status_code < 300:
                    self._slow_down(answer)
                    return read(answer.content)
                problem = self._judged(entity, answer)
                asked = self.asks(answer.headers)
                if isinstance(asked, str):
                    raise SourceFailed(self.source, entity, asked)
                wait = asked
            except Broken as broken:
                problem = str(broken)
            except RequestException as error:
                # The text of these errors carries addresses, and addresses may carry what is private.
                problem = f"no whole answer ({type(error).__name__})"
            self._pause(entity, attempt, wait, problem)
        raise SourceFailed(self.source, entity, f"gave up after {int(self.limits.attempts)} attempts: {problem}")

    def _judged(self, entity: str, answer: Response) -> str:
        """Why this answer should be asked for again; raises when it should not."""
        status = answer.status_code
        reason = self.explain(status, answer.content)
        if isinstance(reason, Broken):
            return str(reason)
        if isinstance(reason, Exception):
            raise reason
        if reason:
            raise SourceFailed(self.source, entity, reason)
        if status not in RETRIED:
            words = {401: "the credentials are refused (401)"}.get(status, f"the answer was status {status}")
            raise SourceFailed(self.source, entity, words)
        return f"the answer was status {status}"

    def _slow_down(self, answer: Response) -> None:
        """A good answer may say as well that the next request is to wait."""
        wait = self.asks(answer.headers)
        if isinstance(wait, float):
            self._pace.hold(min(wait, self.limits.longest_wait_seconds))

    def _send(self, entity: str, method: str, address: str, pace: Pace | None = None, **options: Any) -> Response:
        if time.monotonic() > self._deadline:
            minutes = self.limits.time_limit_minutes
            raise SourceFailed(self.source, entity, f"not done within {minutes:g} minutes (HTTP__TIME_LIMIT_MINUTES)")
        (pace or self._pace).keep()
        self.requests += 1
        # An auth callable keeps requests from putting something out of ~/.netrc in its place.
        return self._session.request(method, address, auth=self._sign, allow_redirects=False, **options)

    def _sign(self, request: PreparedRequest) -> PreparedRequest:
        if self.tokens:
            request.headers["Authorization"] = f"Bearer {self.tokens.token()}"
        request.headers.update(self.signature)
        if self.signs:
            self.signs.sign(request)
        return request

    def _pause(self, entity: str, attempt: int, wait: float | None, problem: str) -> None:
        if attempt + 1 >= self.limits.attempts:
            return
        if wait is None:
            wait = self.limits.backoff_seconds * 2**attempt * random.uniform(0.5, 1.5)
        wait = min(wait, self.limits.longest_wait_seconds)
        if time.monotonic() + wait > self._deadline:
            raise SourceFailed(self.source, entity, f"the time limit would pass before asking again: {problem}")
        time.sleep(wait)


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """The seconds the vendor asks us to wait, given as a number or as a date; None when it does not say."""
    said = headers.get("Retry-After", "").strip()
    if not said:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(said) - (now or datetime.now(UTC))).total_seconds())
    except (ValueError, TypeError):
        return None

"""Who asks Pipedrive, how much it allows, and what it means by a refusal."""

from collections.abc import Mapping

from pipelines.extraction import Absent, Broken, Http, NotBought, Options, Unavailable, parsed
from pipelines.http import retry_after


def connected(options: Options, budget: "Budget") -> Http:
    limits = options.limits(requests_per_second=10)
    # In a header: what stands in an address is written down on the way.
    signature = {"x-api-token": options.secret("API_TOKEN").strip()}
    base = options.required("BASE_URL")
    return Http(options.source, base, limits, refused, signature=signature, asks=budget.asks)


class Budget:
    """What the vendor's headers tell of its limits: so many requests in two seconds, so many tokens a day for all."""

    def __init__(self, reserve_percent: float) -> None:
        self.reserve = reserve_percent / 100
        self.left, self.whole = 1, 0

    def asks(self, headers: Mapping[str, str]) -> float | str | None:
        self.left = _count(headers, "x-daily-ratelimit-token-remaining", self.left)
        self.whole = _count(headers, "x-daily-ratelimit-token-limit", self.whole)
        if self.left <= 0:
            return "the tokens of this day are spent (they are the whole company's); the next load goes on from here"
        # Seconds from now, not a moment.
        wait = _count(headers, "x-ratelimit-reset", 0)
        return float(wait) if wait and not _count(headers, "x-ratelimit-remaining", 0) else retry_after(headers)

    def may_go_on(self) -> bool:
        return self.left > self.whole * self.reserve


def _count(headers: Mapping[str, str], name: str, otherwise: int) -> int:
    said = headers.get(name, "").strip()
    return int(said) if said.isdecimal() else otherwise


def refused(status: int, body: bytes) -> Exception | str | None:
    """What Pipedrive means by an error: words under `error`."""
    error = _error(body)
    if status == 401:
        return "the API token is refused (401)"
    if status == 402:
        return "the company's account is not open (402)"
    if status == 403 and error is None:
        return Broken("the vendor keeps us out for a while, for too many requests (403 in HTML)")
    if status == 403:
        return Unavailable(f"not available: no right to read it ({error[:200] or status})")
    if status == 415:
        return NotBought(f"not available: not in this company's plan ({error or status})")
    if status in (404, 410):
        return Absent(f"not available: this company has it not ({error or status})")
    if status == 400:
        return f"the question is refused ({(error or '')[:200]})"
    return None


def _error(body: bytes) -> str | None:
    """The vendor's words; None where the body is not the vendor's."""
    try:
        answer = parsed(body)
    except ValueError:
        return None
    return str(answer.get("error") or "") if isinstance(answer, dict) else None

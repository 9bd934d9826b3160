"""A cluster of accounts that cannot all be one firm is built anew, the strongest edge first."""

from collections.abc import Iterable

IN_CONFLICT, ONE_TO_ONE = "in_conflict", "one_to_one"


class Clusters:
    """Accounts put together one edge at a time: what keeps two clusters apart is asked before each."""

    def __init__(self, taxed: dict[int, tuple[str, str]], systems: dict[int, str], kept_apart: dict[int, set[int]]):
        self._taxed = taxed  # country and number of an account's valid tax id
        self._systems = systems  # of accounts whose system has no firm twice
        self._kept_apart = kept_apart
        self._members: dict[int, set[int]] = {}

    def join(self, a: int, b: int, decided: bool) -> str | None:
        """Put the clusters of two accounts together, or say why not."""
        first, second = (self._members.setdefault(account, {account}) for account in (a, b))
        if first is second:
            return None
        if reason := self._refusal(first, second, decided):
            return reason
        larger, smaller = (first, second) if len(first) >= len(second) else (second, first)
        larger |= smaller
        self._members |= dict.fromkeys(smaller, larger)
        return None

    def _refusal(self, first: set[int], second: set[int], decided: bool) -> str | None:
        if any(self._kept_apart.get(account, set()) & second for account in first):
            return IN_CONFLICT
        if decided:
            return None
        numbers = [dict(self._taxed[account] for account in side if account in self._taxed) for side in (first, second)]
        if any(numbers[0][country] != numbers[1][country] for country in numbers[0].keys() & numbers[1].keys()):
            return IN_CONFLICT
        systems = [{self._systems.get(account) for account in side} - {None} for side in (first, second)]
        return ONE_TO_ONE if systems[0] & systems[1] else None


def refused(edges: Iterable[tuple[int, int, int, bool]], clusters: Clusters) -> dict[int, str]:
    """Edges (number, a, b, decided), the strongest first: the numbers of those that are refused, and why."""
    reasons = ((number, clusters.join(a, b, decided)) for number, a, b, decided in edges)
    return {number: reason for number, reason in reasons if reason}

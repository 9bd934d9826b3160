"""Rules that tell somebody when a figure crosses a limit: once when it does, once when it is well again."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime

from dashboards import access, facts, generation, lateness, notices, rules, sent, standing, warehouse, watched, words
from dashboards.configuration import setting
from dashboards.rules import Rule
from dashboards.warehouse import NotPublished
from dashboards.watched import Value


@dataclass(frozen=True)
class Standing:
    """How a rule stands for one recipient. `since` is the day of the figures that first crossed the limit.

    `told` is who knows of it: they are owed a word when it is over, and `owed` says that it is.
    """

    condition: str = ""
    since: str | None = None
    since_generation: str | None = None
    judged: str | None = None
    times: int = 0
    told: str | None = None
    recovered: str | None = None
    owed: bool = False


@dataclass
class Outcome:
    """What one run of all rules came to."""

    rules: int = 0
    crossed: int = 0
    held: int = 0
    failed: int = 0
    wrong: tuple[str, ...] = ()


def run(now: datetime | None = None) -> Outcome:
    """Judges every rule against what is published, and tells who is to be told. `now` is UTC without a zone."""
    if generation.current() is None:
        raise NotPublished
    now = now or datetime.now(UTC).replace(tzinfo=None)
    with sent.alone():
        known, wrong = rules.read()
        state = standing.read()
        outcome = Outcome(rules=len(known), wrong=tuple(wrong))
        kept = {}
        for rule in known:
            kept[rule.name] = {}
            for recipient in rule.to:
                earlier = Standing(**state["rules"].get(rule.name, {}).get(recipient, {}))
                with access.acting(rule.whose(recipient)):
                    stands = _told(rule, recipient, earlier, now, state["late"], outcome)
                kept[rule.name][recipient] = asdict(stands)
        # A rule that is wrong today keeps its standing: mended, it goes on.
        state["rules"] = kept | {name: old for name, old in state["rules"].items() if wrong and name not in kept}
        standing.write(state)
    return outcome


def _told(rule: Rule, recipient: str, earlier: Standing, now: datetime, told: dict, outcome: Outcome) -> Standing:
    today = sent.today(now)
    is_silent = rule.snooze is not None and today < rule.snooze
    all_late = lateness.found(now)
    lateness.forget(all_late, told)
    late = lateness.beneath(warehouse.catalogue()[rule.measure], all_late)
    if late:
        outcome.held += 1
        if not is_silent:
            lateness.hold(f"held {rule.name} {rule.condition}", "alert", recipient, late, rule.name)
            outcome.failed += not lateness.tell(recipient, late, rule.language or setting("LANG_DEFAULT"), told)
        return earlier
    value = watched.looked_up(rule)
    is_crossed = watched.crossed(rule, value)
    if is_crossed is None:
        return earlier
    stands = judged(rule, earlier, is_crossed, generation.folder() or "", facts.as_of())
    outcome.crossed += is_crossed
    return stands if is_silent else _sent(rule, recipient, stands, value, outcome)


def judged(rule: Rule, earlier: Standing, is_crossed: bool, read: str, day: date) -> Standing:
    """The standing after figures of a generation, each of which counts once however often it is looked at."""
    if earlier.condition != rule.condition:
        earlier = Standing(rule.condition)
    again = 0 if earlier.judged == read else 1
    if is_crossed:
        begins = {} if earlier.since else {"since": day.isoformat(), "since_generation": read}
        times = earlier.times + again if earlier.since else 1
        # Back over the limit before anybody heard that it was well: they know already.
        return replace(earlier, judged=read, times=times, owed=False, recovered=None, **begins)
    if earlier.told:
        first = earlier.recovered or read
        return replace(earlier, judged=read, times=0, owed=rule.recovered, recovered=first)
    return Standing(rule.condition, judged=read)


def is_due(rule: Rule, stands: Standing, day: date) -> bool:
    """Crossed for long enough to be told, and not told yet."""
    if stands.since is None or stands.told or stands.recovered:
        return False
    return stands.times >= rule.refreshes and (day - date.fromisoformat(stands.since)).days >= rule.days


def _sent(rule: Rule, recipient: str, stands: Standing, value: Value, outcome: Outcome) -> Standing:
    def deliver(make, kind: str) -> bool:
        with words.speaking(rule.language or setting("LANG_DEFAULT")):
            message = make(rule, recipient, stands, value)
        looked = {"measure": rule.measure, "value": value.now, "before": value.before, "limit": rule.level.value}
        has_it = sent.deliver(message, kind, rule.name, looked)
        outcome.failed += not has_it
        return has_it

    if is_due(rule, stands, facts.as_of()) and deliver(notices.crossed, "alert"):
        return replace(stands, told=generation.folder())
    if stands.recovered and (not stands.owed or deliver(notices.recovered, "recovered")):
        return Standing(rule.condition, judged=stands.judged)
    return stands

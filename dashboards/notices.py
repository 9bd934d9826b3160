"""What an alert says: a figure, its limit, since when, and the way to the page."""

from urllib.parse import urlencode

from dashboards import drawn, facts, formats, header, onward, periods, stamp, tiles, warehouse, words
from dashboards.configuration import setting
from dashboards.pages import path
from dashboards.rules import Rule
from dashboards.sending import Message
from dashboards.watched import Value


def crossed(rule: Rule, recipient: str, stands, value: Value) -> Message:
    """`stands` is how the rule stands for the recipient."""
    shown, limit = figure(rule, value.now), limited(rule)
    subject = words.text("mail.alert.subject", name=rule.name, value=shown)
    if rule.against:
        said = {
            "before": figure(rule, value.before),
            "days": header.days(value.days_before),
            "change": moved(rule, value),
        }
        first = words.text("mail.alert.change", measure=named(rule), value=shown, limit=limit, **said)
    else:
        first = words.text(f"mail.alert.{rule.level.side}", measure=named(rule), value=shown, limit=limit)
    since = words.text("mail.alert.since", n=stands.times, day=formats.day(facts.as_of().fromisoformat(stands.since)))
    return _message(rule, recipient, f"alert {stands.since_generation}", subject, [first, since], value)


def recovered(rule: Rule, recipient: str, stands, value: Value) -> Message:
    shown = moved(rule, value) if rule.against else figure(rule, value.now)
    subject = words.text("mail.recovered.subject", name=rule.name, value=figure(rule, value.now))
    first = words.text("mail.recovered", measure=named(rule), value=shown, limit=limited(rule))
    return _message(rule, recipient, f"recovered {stands.since_generation}", subject, [first], value)


def _message(rule: Rule, recipient: str, occasion: str, subject: str, first: list[str], value: Value) -> Message:
    about = [*first]
    if value.days is not None:
        about.append(words.text("mail.period", days=header.days(value.days)))
    about += [f"{words.text(f'column.{item.column}')}: {', '.join(map(str, item.value))}" for item in rule.filters]
    address = link(rule)
    as_of = drawn.plain(stamp.line(facts.sources()))
    ending = [words.text("mail.see", address=address), as_of, words.text("mail.alert.why", name=rule.name)]
    text = "\n".join(about) + "\n\n" + "\n\n".join(ending) + "\n"
    kind = occasion.partition(" ")[0]
    fields = {"kind": kind, "rule": rule.name, "measure": rule.measure, "value": value.now, "before": value.before}
    fields |= {"limit": rule.level.value, "as_of": facts.as_of().isoformat(), "address": address}
    return Message(recipient, subject, text, f"{occasion} {rule.name} {rule.condition}", fields=fields)


def named(rule: Rule) -> str:
    return tiles.label(warehouse.catalogue()[rule.measure])


def figure(rule: Rule, value: float | None) -> str:
    return formats.figure(value, warehouse.catalogue()[rule.measure]["unit"], facts.currency())


def limited(rule: Rule) -> str:
    """The limit as it is compared: a level, a share of the earlier value, or a difference."""
    if rule.level.is_share:
        return formats.percent(rule.level.value)
    return difference(rule, rule.level.value) if rule.against else figure(rule, rule.level.value)


def moved(rule: Rule, value: Value) -> str:
    if not rule.level.is_share:
        return difference(rule, value.difference)
    return f"{formats.signed(value.change(True) * 100, 1)}%"


def difference(rule: Rule, value: float) -> str:
    unit = warehouse.catalogue()[rule.measure]["unit"]
    if unit in ("percent", "days"):
        return formats.change(value, 0, unit)
    return ("-" if value < 0 else "+") + figure(rule, abs(value))


def link(rule: Rule) -> str:
    """The page with the days and the part of the firm that the rule is about, in the language of the mail."""
    said = [("lang", words.language())]
    if rule.period in periods.PERIODS:
        said.append((onward.PERIODS.get(rule.page, "period"), rule.period))
        said += [("comparison", rule.against)] if rule.against else []
    said += [(f"only-{item.column}", str(one)) for item in rule.filters for one in item.value]
    return f"{site(rule.page)}?{urlencode(said)}"


def site(page: str) -> str:
    """Where a page is; the first one is the start."""
    return f"{setting('DASHBOARD_URL').rstrip('/')}/{path(page)}"

"""A figure that crosses its limit is told once to those who asked, and never on figures that are old."""

import json
import stat
from datetime import timedelta

import pytest
import small_warehouse as small
import yaml

from dashboards import alerts, mailing, rules, standing
from tests.post_office import Mailbox, Webhook, log, now, publish, text

TO = "director@firm.pl"
# Of October 2026: 1 810 PLN in all, 1 000 of it sold to chains.
RULE = {"name": "Revenue runs high", "measure": "revenue", "period": "last_month", "above": 2000, "to": TO}


@pytest.fixture
def mailbox(data_dir, monkeypatch):
    """A mail server that mails of this test go to."""
    with Mailbox() as server:
        settings = {"HOST": "127.0.0.1", "PORT": str(server.port), "FROM": "figures@firm.pl", "TLS": "none"}
        for name, value in settings.items():
            monkeypatch.setenv(f"SMTP__{name}", value)
        (data_dir / "company").mkdir()
        yield server


@pytest.fixture
def ruled(data_dir, mailbox):
    """Writes the rules of a test."""

    def write(*written: dict):
        (data_dir / "company/alerts.yml").write_text(yaml.safe_dump({"rules": list(written)}, allow_unicode=True))

    write(RULE)
    return write


def test_a_level_is_told_once_when_it_is_crossed_and_again_only_after_it_was_well(ruled, mailbox, data_dir):
    ruled(RULE | {"recovered": True})
    told = []
    for number, revenue in enumerate((0, 1000, 1500, 0, 0, 900), start=1):
        publish(data_dir, number, revenue)
        alerts.run()
        told.append(len(mailbox.mails))
    assert told == [0, 1, 1, 2, 2, 3]
    first, well, again = mailbox.subjects()
    assert first == "Revenue runs high: 2.81K PLN" and again == "Revenue runs high: 2.71K PLN"
    assert well == "Revenue runs high: back within the limit, 1.81K PLN"
    said = text(mailbox.mails[0])
    assert "Revenue net is 2.81K PLN. That is above the agreed 2K PLN." in said
    assert "Oct 2026" in said and "http://127.0.0.1:8501/?lang=en&period=last_month" in said
    assert "Data as of: Business Central" in said


def test_without_being_asked_nobody_is_told_that_it_is_well_again(ruled, mailbox, data_dir):
    for number, revenue in enumerate((1000, 0, 1000), start=1):
        publish(data_dir, number, revenue)
        alerts.run()
    assert mailbox.subjects() == ["Revenue runs high: 2.81K PLN"] * 2


def test_the_same_figures_looked_at_twice_count_once(ruled, mailbox, data_dir):
    ruled(RULE | {"for": {"refreshes": 2}})
    publish(data_dir, 1, 1000)
    for _ in range(3):
        alerts.run()
    assert not mailbox.mails
    publish(data_dir, 2, 1000)
    for _ in range(3):
        alerts.run()
    assert len(mailbox.mails) == 1 and "in 2 refreshes" in text(mailbox.mails[0])
    assert stat.S_IMODE(standing.path().stat().st_mode) == 0o600


def test_a_limit_may_have_to_be_crossed_for_days(ruled, mailbox, data_dir):
    ruled(RULE | {"for": {"days": 2}})
    publish(data_dir, 1, 1000)
    small.log(data_dir, refresh_id="000001-20261121T060000Z", outcome="published", as_of="2026-11-21")
    alerts.run()
    publish(data_dir, 2, 1000)
    small.log(data_dir, refresh_id="000002-20261121T060000Z", outcome="published", as_of="2026-11-23")
    alerts.run()
    assert len(mailbox.mails) == 1 and "So since 21 Nov 2026" in text(mailbox.mails[0])


def test_a_rule_that_sleeps_is_silent_until_its_day(ruled, mailbox, data_dir):
    publish(data_dir, 1, 1000)
    day = now().date()
    ruled(RULE | {"snooze": day + timedelta(days=1)})
    assert alerts.run().crossed == 1 and not mailbox.mails
    ruled(RULE | {"snooze": day})
    alerts.run()
    assert len(mailbox.mails) == 1


def test_a_change_is_measured_against_the_period_before(ruled, mailbox, data_dir):
    """September brought 800, October 1 810."""
    more = {"measure": "revenue", "period": "last_month", "to": TO}
    ruled(
        more | {"name": "Share", "change": {"above": "126%"}},
        more | {"name": "Too far", "change": {"above": "127%"}},
        more | {"name": "Sum", "change": {"above": 1009}},
        more | {"name": "Nothing a year ago", "change": {"above": "1%", "against": "last_year"}},
    )
    publish(data_dir)
    assert alerts.run().crossed == 2
    assert sorted(mailbox.subjects()) == ["Share: 1.81K PLN", "Sum: 1.81K PLN"]
    said = {mail["Subject"]: text(mail) for mail in mailbox.mails}
    assert (
        "before (Sept 2026) it was 800 PLN. The change is +126.2%, the agreed limit 126.0%." in said["Share: 1.81K PLN"]
    )
    assert "The change is +1.01K PLN, the agreed limit +1.01K PLN." in said["Sum: 1.81K PLN"]


def test_a_rule_may_look_at_a_part_of_the_firm_and_its_link_opens_that_part(ruled, mailbox, data_dir):
    ruled(RULE | {"name": "Chains", "above": 999, "only": {"segment": ["Chain"]}, "page": "customer_profitability"})
    publish(data_dir)
    alerts.run()
    said = text(mailbox.mails[0])
    assert mailbox.subjects() == ["Chains: 1K PLN"] and "Segment: Chain" in said
    assert "/customer-profitability?lang=en&period=last_month&only-segment=Chain" in said


def test_a_figure_that_is_not_known_is_neither_well_nor_ill(ruled, mailbox, data_dir):
    for number, figure in enumerate(("revenue", "cm1_margin"), start=1):
        ruled({"name": "None", "measure": figure, "period": "this_month", "below": 1, "to": TO})
        publish(data_dir, number)
        assert alerts.run().crossed == 0
    assert not mailbox.mails


def test_on_late_data_only_the_lateness_is_told_and_once(ruled, mailbox, data_dir):
    for number in (1, 2):
        publish(data_dir, number, 1000, hours={"business_central": 31})
        outcome = alerts.run()
    assert (outcome.held, outcome.crossed) == (1, 0)
    assert mailbox.subjects() == ["Data is late: Business Central"]
    said = text(mailbox.mails[0])
    assert "31 hours old" in said and "2.81" not in said
    held = [line for line in log(data_dir) if line["result"] == "held back"]
    assert [(line["rule"], line["generation"][:6]) for line in held] == [
        (RULE["name"], "000001"),
        (RULE["name"], "000002"),
    ]
    publish(data_dir, 3, 1000)
    alerts.run()
    assert mailbox.subjects()[1:] == ["Revenue runs high: 2.81K PLN"]
    publish(data_dir, 4, 1000, hours={"business_central": 50})
    alerts.run()
    assert mailbox.subjects()[2:] == ["Data is late: Business Central"]


def test_a_source_that_a_figure_does_not_rest_on_holds_nothing_back(ruled, mailbox, data_dir, monkeypatch):
    catalogue = alerts.warehouse.catalogue

    def told():
        return {name: row | {"rests_on": "invoices, invoice_lines"} for name, row in catalogue().items()}

    monkeypatch.setattr(alerts.warehouse, "catalogue", told)
    publish(data_dir, 1, 1000, hours={"salesforce": 100})
    alerts.run()
    assert mailbox.subjects() == ["Revenue runs high: 2.81K PLN"]


@pytest.mark.parametrize(
    "line",
    [
        {"outcome": "gate_failed"},
        {"outcome": "published_without_source", "sources": {"business_central": {"state": "kept"}}},
    ],
)
def test_after_an_attempt_that_failed_no_figure_is_told(ruled, mailbox, data_dir, line):
    publish(data_dir, 1, 1000)
    small.log(data_dir, refresh_id="000002-x", **line)
    alerts.run()
    assert len(mailbox.mails) == 1 and "The last load of Business Central failed." in text(mailbox.mails[0])


def test_who_could_not_be_reached_is_told_later_and_the_others_once(ruled, mailbox, data_dir):
    ruled(RULE | {"to": [TO, "away@firm.pl"]})
    mailbox.refuses = {"away@firm.pl": "550"}
    publish(data_dir, 1, 1000)
    assert alerts.run().failed == 1
    publish(data_dir, 2, 1000)
    mailbox.refuses = {}
    assert alerts.run().failed == 0
    assert [len(mailbox.subjects(to)) for to in (TO, "away@firm.pl")] == [1, 1]
    assert "refused the recipient (550)" in next(line for line in log(data_dir) if line["result"] == "failed")["reason"]


def test_what_was_sent_before_a_crash_is_not_sent_again(ruled, mailbox, data_dir):
    publish(data_dir, 1, 1000)
    alerts.run()
    standing.path().unlink()
    alerts.run()
    assert len(mailbox.mails) == 1


def test_a_webhook_gets_the_figure_as_a_number(ruled, data_dir, monkeypatch):
    ruled(RULE | {"to": "sales"})
    publish(data_dir, 1, 1000)
    with Webhook() as hook:
        monkeypatch.setenv("WEBHOOK__SALES", hook.address)
        alerts.run()
    post = hook.posts[0]
    assert (post["measure"], post["value"], post["limit"], post["rule"]) == ("revenue", 2810, 2000, RULE["name"])


def test_each_is_told_figures_of_what_they_may_see(ruled, mailbox, data_dir, monkeypatch):
    monkeypatch.setenv("LOGIN", "on")
    rights = "email,role,person,region\nboss@firm.pl,all,,\nanna@firm.pl,own,anna,\n"
    (data_dir / "company/access.csv").write_text(rights)
    ruled(RULE | {"above": 900, "to": ["boss@firm.pl", "anna@firm.pl"]}, RULE | {"name": "For a stranger"})
    customer = ("canonical.customers", {"customer_key": "alfa", "owner_key": "anna"})
    publish(data_dir, more=[customer])
    assert "director@firm.pl is not in access.csv" in alerts.run().wrong[0]
    assert mailbox.subjects("boss@firm.pl") == ["Revenue runs high: 1.81K PLN"]
    assert mailbox.subjects("anna@firm.pl") == ["Revenue runs high: 1K PLN"]


@pytest.mark.parametrize(
    "language, subject, said",
    [
        ("en", "Revenue runs high: 2.81K PLN", "That is above the agreed 2K PLN."),
        ("pl", "Revenue runs high: 2,81 tys. PLN", "To więcej niż ustalone 2 tys. PLN."),
        ("ru", "Revenue runs high: 2,81 тыс. PLN", "Это выше согласованного предела 2 тыс. PLN."),
    ],
)
def test_an_alert_speaks_the_language_of_its_rule(ruled, mailbox, data_dir, language, subject, said):
    ruled(RULE | {"language": language})
    publish(data_dir, 1, 1000)
    alerts.run()
    plain = text(mailbox.mails[0]).replace("\u00a0", " ").replace("\u202f", " ")
    assert mailbox.subjects() == [subject] and said in plain


@pytest.mark.parametrize(
    "wrong, reason",
    [
        ({"measure": "revenu"}, "rule 'Wrong', measure: \"revenu\" is no measure; near to it are revenue"),
        ({"abov": 1}, "rule 'Wrong', abov: 1 is no key; allowed are above, as, below"),
        ({"above": "much"}, "rule 'Wrong', above: \"much\" must be a number like 0.25"),
        ({"above": "25%"}, "rule 'Wrong', above: \"25%\" is a share, and the measure is in money"),
        ({"below": 1}, "rule 'Wrong', above: 2000 exactly one of above, below and change is needed"),
        ({"period": "last_mont"}, "rule 'Wrong', period: \"last_mont\" is no period; allowed are last_month,"),
        ({"period": "last 30 days"}, "counts days, and month knows months only"),
        ({"date": "due_date"}, "rule 'Wrong', date: \"due_date\" is none of month"),
        ({"only": {"segmen": "Chain"}}, "names segmen, which customer_profitability does not have; there are segment"),
        ({"only": {"month": "May"}}, "month cannot have this value: it is a DATE"),
        ({"to": "nobody"}, 'to: "nobody" cannot be reached: WEBHOOK__NOBODY is not set'),
        ({"to": []}, "rule 'Wrong', to: [] must be a mail address"),
        ({"snooze": "soon"}, "rule 'Wrong', snooze: \"soon\" must be a day like 2026-12-31"),
        ({"for": {"weeks": 1}}, "rule 'Wrong', for, weeks: 1 is no key; allowed are days, refreshes"),
        ({"for": {"days": 0}}, "rule 'Wrong', for, days: 0 must be a whole number from 1 on"),
        ({"recovered": "yes"}, "rule 'Wrong', recovered: \"yes\" must be true or false"),
        ({"language": "de"}, "rule 'Wrong', language: \"de\" is none of pl, ru, en"),
        ({"name": RULE["name"]}, 'name: "Revenue runs high" stands there twice'),
    ],
)
def test_a_wrong_rule_is_named_with_what_is_allowed_and_the_others_hold(ruled, mailbox, data_dir, wrong, reason):
    ruled(RULE, RULE | {"name": "Wrong"} | wrong)
    publish(data_dir, 1, 1000)
    outcome = alerts.run()
    assert len(outcome.wrong) == 1 and outcome.wrong[0].startswith("alerts.yml, rule ") and reason in outcome.wrong[0]
    assert mailbox.subjects() == ["Revenue runs high: 2.81K PLN"]


def test_the_command_says_in_its_code_how_it_ended(ruled, mailbox, data_dir, capsys):
    assert mailing.main("alerts", []) == 3 and "Nothing is published yet" in capsys.readouterr().err
    publish(data_dir, 1, 1000)
    assert mailing.main("alerts", []) == 0 and capsys.readouterr().out == "1 rules, 1 crossed\n"
    ruled(RULE, {"name": "Empty"})
    assert mailing.main("alerts", []) == 2 and "measure: is missing" in capsys.readouterr().err
    (data_dir / "company/alerts.yml").write_text("rules:\n  - name: [x\n")
    assert mailing.main("alerts", []) == 2 and "alerts.yml, line" in capsys.readouterr().err
    ruled(RULE)
    publish(data_dir, 2, 1000, hours={"salesforce": 40})
    assert mailing.main("alerts", []) == 5
    mailbox.refuses = {TO: "550"}
    ruled(RULE | {"above": 1999})
    publish(data_dir, 3, 1000)
    assert mailing.main("alerts", []) == 1


def test_the_examples_of_the_handbook_hold(ruled, mailbox, data_dir, monkeypatch):
    monkeypatch.setenv("WEBHOOK__SALES", "https://hooks.example.invalid/x")
    handbook = (small.ROOT / "README.md").read_text()
    example = handbook.split("```yaml\nrules:")[1].split("```")[0]
    (data_dir / "company/alerts.yml").write_text(f"rules:{example}")
    publish(data_dir)
    found, wrong = rules.read()
    assert wrong == [] and len(found) >= 3


def test_the_state_of_rules_is_whole_or_as_it_was(ruled, mailbox, data_dir):
    publish(data_dir, 1, 1000)
    alerts.run()
    kept = json.loads(standing.path().read_text())
    assert kept["rules"][RULE["name"]][TO]["told"] == "000001-20261121T060000Z"
    standing.path().write_text("{")
    assert mailing.main("alerts", []) == 2

"""After a publication those who asked are told, and nothing that goes wrong with that reaches the refresh."""

import stat

import pytest

from pipelines import afterwards, configuration
from tests.post_office import Mailbox, publish

RULES = """rules:
  - {name: Revenue runs high, measure: revenue, period: last_month, above: 2000, to: director@firm.pl}
"""


@pytest.fixture
def told(data_dir):
    """Tells what follows a publication of this test, with settings of its own; returns the lines it said."""
    (data_dir / "company").mkdir()

    def tell(**more) -> list[str]:
        lines = []
        configured = configuration.read({"DATA_DIR": str(data_dir), "AS_OF": "2026-11-21"})
        afterwards.tell(configured, "000001-20261121T060000Z", lines.append, **more)
        return lines

    return tell


def test_without_a_file_of_the_firms_nothing_is_started(told, monkeypatch):
    monkeypatch.setattr(afterwards.subprocess, "Popen", lambda *_, **__: pytest.fail("it was started"))
    assert told() == []


def test_an_alert_follows_a_publication_in_a_process_of_its_own(told, data_dir, monkeypatch):
    (data_dir / "company/alerts.yml").write_text(RULES)
    publish(data_dir, revenue=1000)
    monkeypatch.setenv("SALESFORCE__CLIENT_SECRET", "hidden")
    with Mailbox() as mailbox:
        settings = {"HOST": "127.0.0.1", "PORT": str(mailbox.port), "FROM": "figures@firm.pl", "TLS": "none"}
        for name, value in settings.items():
            monkeypatch.setenv(f"SMTP__{name}", value)
        assert told() == ["  alerts: 1 rules, 1 crossed"]
    assert mailbox.subjects() == ["Revenue runs high: 2.81K PLN"]
    kept = data_dir / "logs/000001-20261121T060000Z.log"
    assert "== alerts" in kept.read_text() and stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_process_that_sends_knows_the_mail_server_and_no_source(told, data_dir, monkeypatch):
    monkeypatch.setenv("SALESFORCE__CLIENT_SECRET", "hidden")
    monkeypatch.setenv("SMTP__PASSWORD", "known")
    (data_dir / "company/alerts.yml").write_text(RULES)
    given = {}

    def run(arguments, env, **_):
        given.update(env)
        raise OSError

    monkeypatch.setattr(afterwards.subprocess, "Popen", run)
    assert told() == ["  alerts: could not be started (OSError)"]
    assert given["SMTP__PASSWORD"] == "known" and "SALESFORCE__CLIENT_SECRET" not in given
    assert given["DATA_DIR"] == str(data_dir) and given["TIME_ZONE"] == "Europe/Warsaw"


def test_what_takes_too_long_is_stopped_and_the_next_goes_on(told, data_dir):
    for name in ("alerts", "digest"):
        (data_dir / f"company/{name}.yml").write_text(RULES)
    assert told(seconds=0.01) == [f"  {name}: stopped after 0.01 s; the next refresh tries again"
                                  for name in ("alerts", "digest")]  # fmt: skip

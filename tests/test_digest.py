"""The weekly mail says what the page says, to each what they may see, and leads back to the same view."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import small_warehouse as small
import yaml
from streamlit.testing.v1 import AppTest

from dashboards import digest, generation, mailing, pictures
from dashboards.configuration import setting
from tests.paged import figures, page
from tests.post_office import Mailbox, log, now, publish, text

TO = "director@firm.pl"
MARKUP = '<b onmouseover="alert(1)">Alfa</b> & <script>alert(2)</script>'
OVERDUE = [
    (
        "marts.receivables",
        {
            "invoice_key": f"i{at}", "invoice_number": f"FV-{at}", "customer_key": "alfa", "customer_name": MARKUP,
            "ageing_bucket": "over_90", "open_reporting_amount": 500 + at, "due_date": date(2026, 1, 1),
            "source_url": url,
        },
    )
    for at, url in enumerate(("https://erp.invalid/?a=1&b=2", "javascript:alert(3)"))
] + [("canonical.customers", {"customer_key": "alfa", "segment": "Chain"})]  # fmt: skip
NARROW = "only-segment=Chain&period=last_quarter&comparison=none"


def server_at(mailbox: Mailbox, patch) -> None:
    settings = {"HOST": "127.0.0.1", "PORT": str(mailbox.port), "FROM": "figures@firm.pl", "TLS": "none"}
    for name, value in settings.items():
        patch.setenv(f"SMTP__{name}", value)
    patch.setenv("DASHBOARD_URL", "https://figures.firm.pl/sales")


def write(folder, *recipients: dict) -> None:
    (folder / "company").mkdir(exist_ok=True)
    (folder / "company/digest.yml").write_text(yaml.safe_dump({"recipients": list(recipients)}))


@pytest.fixture(scope="module")
def delivered(tmp_path_factory):
    """Four digests of one morning by their recipient: with pictures in English, where no browser is in the others."""
    folder = tmp_path_factory.mktemp("delivered")
    with pytest.MonkeyPatch.context() as patch, Mailbox() as mailbox:
        patch.setenv("DATA_DIR", str(folder))
        server_at(mailbox, patch)
        publish(folder, more=OVERDUE)
        write(folder, {"to": "en@firm.pl", "role": "manager", "view": f"?{NARROW}"})
        digest.run(is_today=True)
        patch.setenv("BROWSER_PATH", "/nowhere/chromium")
        write(folder, *({"to": f"{name}@firm.pl", "page": "overview", "language": name} for name in ("pl", "ru")))
        digest.run(is_today=True)
        yield {mail["To"]: mail for mail in mailbox.mails}
        generation.close()


@pytest.fixture
def mailbox(data_dir, monkeypatch):
    """A mail server that mails of this test go to, and a folder of figures to tell. No pictures: they cost seconds."""
    with Mailbox() as server:
        server_at(server, monkeypatch)
        monkeypatch.setenv("BROWSER_PATH", "/nowhere/chromium")
        write(data_dir, {"to": TO, "page": "overview"})
        yield server


def html(mail) -> str:
    return mail.get_body(("html",)).get_content()


def opened(link: str) -> AppTest:
    """The page that a link of a mail leads to, as a browser opens it: the address is there before anything is drawn."""
    parts = urlsplit(link)
    assert parts.path == "/sales/", "the first page is the start"
    app = AppTest.from_file(str(small.ROOT / "dashboards/app.py"), default_timeout=60)
    for key, value in parse_qs(parts.query).items():
        app.query_params[key] = value
    return app.run()


def link_of(mail) -> str:
    return re.search(r"https://figures\.firm\.pl\S*", text(mail))[0]


@pytest.mark.skipif(pictures.browser() is None, reason="chromium is not installed")
def test_pictures_lie_inside_the_mail_and_say_what_they_show(delivered):
    mail = delivered["en@firm.pl"]
    shown = {part["Content-ID"].strip("<>"): part for part in mail.walk() if part.get_content_type() == "image/png"}
    assert 1 <= len(shown) <= 3
    for name, part in shown.items():
        image = re.search(rf'<img src="cid:{name}" alt="([^"]+)"', html(mail))
        assert image and image[1].replace("&#x27;", "'").replace("&amp;", "&") in text(mail).replace("\r\n", "\n")
        assert part.get_content().startswith(b"\x89PNG") and part.get_content_disposition() == "inline"


@pytest.mark.parametrize("language", ["pl", "ru"])
def test_the_figures_of_a_mail_are_those_of_the_page(delivered, monkeypatch, language):
    monkeypatch.setenv("LANG_DEFAULT", language)
    mail, shown = delivered[f"{language}@firm.pl"], figures(page("overview", lang=language))
    assert len(shown) >= 3
    for label, value in shown.items():
        assert f"- {label}: {value}" in text(mail) and f">{value}<" in html(mail), label


def test_the_link_of_a_mail_opens_the_view_that_the_mail_is_of(delivered):
    shown = figures(opened(link_of(delivered["en@firm.pl"])))
    assert shown["Revenue net"] == "800 PLN", "what chains bought in the third quarter"
    for label, value in shown.items():
        assert f"- {label}: {value}" in text(delivered["en@firm.pl"])
    assert shown != figures(page("overview"))
    assert "Segment: Chain" in text(delivered["en@firm.pl"])


def test_markup_in_the_name_of_a_customer_is_only_text(delivered):
    for mail in delivered.values():
        shown = html(mail)
        assert "&lt;b onmouseover=" in shown and "<b onmouseover" not in shown and "<script" not in shown
        assert 'href="https://erp.invalid/?a=1&amp;b=2"' in shown and "javascript:" not in shown
        assert MARKUP in text(mail)


@pytest.mark.parametrize(
    "language, subject, said",
    [
        ("pl", "Przegląd, paź 2026", ("Wymaga uwagi", "Tym razem nie udało się narysować wykresów", "Stan danych")),
        ("ru", "Обзор, окт. 2026", ("Требует внимания", "На этот раз графики построить не удалось", "Данные на")),
    ],
)
def test_a_digest_speaks_its_readers_language_and_goes_without_pictures_too(delivered, language, subject, said):
    mail = delivered[f"{language}@firm.pl"]
    assert mail["Subject"].replace("\u00a0", " ").startswith(subject)
    assert all(each in text(mail) and each in html(mail) for each in said)
    assert f'lang="{language}"' in html(mail) and f"lang={language}" in link_of(mail)
    assert not [part for part in mail.walk() if part.get_content_maintype() == "image"]


def test_a_digest_comes_once_a_week_on_its_day_or_as_soon_as_it_can(mailbox, data_dir):
    publish(data_dir, hours={"salesforce": -500, "business_central": -500})
    write(data_dir, {"to": TO, "page": "overview", "day": "wednesday"})
    monday = now() - timedelta(days=now().weekday())
    told = []
    for days in (0, 1, 2, 3, 6, 7, 9):
        digest.run(now=monday + timedelta(days=days))
        told.append(len(mailbox.mails))
    assert told == [0, 0, 1, 1, 1, 1, 2]


def test_on_late_data_no_digest_goes_out_and_it_follows_when_the_data_does(mailbox, data_dir):
    publish(data_dir, 1, hours={"salesforce": 31})
    assert digest.run(is_today=True).held == 1
    assert digest.run(is_today=True).held == 1
    assert mailbox.subjects() == ["Data is late: Salesforce"]
    held = log(data_dir)
    assert [line["result"] for line in held] == ["held back", "sent"] and held[0]["kind"] == "digest"
    publish(data_dir, 2)
    digest.run(is_today=True)
    assert len(mailbox.mails) == 2 and "Revenue net: 1.81K PLN" in text(mailbox.mails[1])


def test_each_owner_gets_their_own_customers(mailbox, data_dir):
    (data_dir / "company/access.csv").write_text("email,role,person,region\nanna@firm.pl,own,anna,\n")
    write(data_dir, {"to": ["anna@firm.pl", TO], "page": "overview"})
    publish(data_dir, more=[("canonical.customers", {"customer_key": "alfa", "owner_key": "anna"})])
    digest.run(is_today=True)
    said = {mail["To"]: text(mail) for mail in mailbox.mails}
    assert "Revenue net: 1K PLN" in said["anna@firm.pl"] and "Revenue net: 1.81K PLN" in said[TO]


def test_with_readers_who_sign_in_a_stranger_gets_nothing(mailbox, data_dir, monkeypatch):
    monkeypatch.setenv("LOGIN", "on")
    publish(data_dir)
    assert digest.run(is_today=True).wrong == (
        f'digest.yml, recipient 1, to: "{TO}" cannot be told figures: {TO} is not in access.csv.',
    )
    assert not mailbox.mails


def test_a_page_without_figures_is_no_mail_and_the_others_get_theirs(mailbox, data_dir):
    small.publish(data_dir, sources=("salesforce",))
    fresh = {"now": digest.datetime(2026, 11, 21, 12)}
    write(data_dir, {"to": "books@firm.pl", "page": "receivables"}, {"to": TO, "page": "overview"})
    outcome = digest.run(is_today=True, **fresh)
    assert (outcome.failed, outcome.sent) == (1, 1) and mailbox.subjects("books@firm.pl") == []
    assert "needs" in log(data_dir)[0]["reason"]


def test_a_dry_run_writes_the_mail_and_sends_and_remembers_nothing(mailbox, data_dir, capsys):
    publish(data_dir, hours={"salesforce": 99})
    assert mailing.main("digest", ["--dry-run", str(data_dir / "look"), "--to", TO.upper()]) == 0
    assert {path.suffix for path in (data_dir / "look").iterdir()} == {".eml", ".html", ".txt"}
    assert "Revenue net: 1.81K PLN" in (data_dir / f"look/{TO}.txt").read_text()
    assert not mailbox.mails and not (data_dir / "sent.jsonl").exists()
    assert mailing.main("digest", ["--dry-run", str(data_dir / "none"), "--to", "other@firm.pl"]) == 0
    assert not (data_dir / "none").exists()


@pytest.mark.parametrize(
    "wrong, reason",
    [
        ({"to": "x@firm.pl"}, "role: exactly one of role and page is needed"),
        ({"to": "x@firm.pl", "role": "king"}, 'role: "king" is none of manager, finance, logistics, sales'),
        ({"to": "x@firm.pl", "page": "customer"}, 'page: "customer" is none of overview,'),
        ({"to": "x@firm.pl", "role": "sales", "day": "Mon"}, 'day: "Mon" is none of monday,'),
        ({"to": "x@firm.pl", "role": "sales", "view": "?period=never"}, "period=never is none of last_month,"),
        ({"to": "x@firm.pl", "role": "sales", "every": "day"}, 'every: "day" is no key; allowed are day, language'),
        ({"to": "sales", "role": "sales"}, 'to: "sales" cannot be reached: WEBHOOK__SALES is not set'),
    ],
)
def test_a_wrong_entry_is_named_and_the_others_hold(mailbox, data_dir, wrong, reason):
    write(data_dir, wrong, {"to": TO, "page": "overview"})
    entries, found = digest.read()
    assert len(entries) == 1 and found[0].startswith("digest.yml, recipient 1, ") and reason in found[0]


def test_a_filter_that_the_page_does_not_have_is_not_passed_over(mailbox, data_dir):
    write(data_dir, {"to": TO, "page": "overview", "owner": "Somebody Else"})
    publish(data_dir)
    assert digest.run(is_today=True).failed == 1
    assert log(data_dir)[0]["reason"] == "The page overview cannot be narrowed by only-owner_name=Somebody Else."
    assert not mailbox.mails


def test_the_example_of_the_handbook_holds(mailbox, data_dir):
    example = (small.ROOT / "README.md").read_text().split("```yaml\nrecipients:")[1].split("```")[0]
    (data_dir / "company/digest.yml").write_text(f"recipients:{example}")
    entries, wrong = digest.read()
    assert wrong == [] and len(entries) == 3 and setting("DASHBOARD_URL").endswith("/sales")

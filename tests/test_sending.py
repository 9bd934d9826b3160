"""A message arrives whole, or it is said why it did not; whatever happens, no secret is written anywhere."""

import datetime
import logging
import ssl
import stat

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dashboards import posting, sending, sent
from dashboards.posting import NotSent, WrongSetting
from dashboards.sending import Message
from tests.post_office import PASSWORD, Mailbox, Webhook, guarded, log, text

TO = "director@firm.pl"


@pytest.fixture
def settings(monkeypatch, data_dir):
    """Sets how mails are sent; returns the way to set more."""

    def to(server: Mailbox, **more):
        known = {"HOST": "127.0.0.1", "PORT": str(server.port), "FROM": "Figures <figures@firm.pl>", "TLS": "none"}
        for name, value in (known | more).items():
            monkeypatch.setenv(f"SMTP__{name}", value)

    return to


def message(recipient=TO, key="first", **more) -> Message:
    return Message(recipient, "Overdue: 31 %", "Overdue is 31 %.", key, **more)


def test_a_mail_arrives_with_its_text_and_says_that_a_machine_wrote_it(settings):
    with Mailbox() as server:
        settings(server)
        sending.send(message())
    mail = server.mails[0]
    assert (mail["To"], mail["From"], mail["Subject"]) == (TO, "Figures <figures@firm.pl>", "Overdue: 31 %")
    assert text(mail).strip() == "Overdue is 31 %." and mail["Auto-Submitted"] == "auto-generated"


def test_a_name_with_line_breaks_adds_no_line_to_the_head_of_a_mail(settings):
    with Mailbox() as server:
        settings(server)
        sending.send(Message(TO, "Late: Alfa\r\nBcc: thief@example.invalid", "x", "k"))
    assert server.mails[0]["Bcc"] is None
    assert server.mails[0]["Subject"] == "Late: Alfa Bcc: thief@example.invalid"


def test_a_long_subject_in_russian_arrives_whole(settings):
    subject = "Дебиторская задолженность, Остатки на 22 нояб. 2026, с НДС в сравнении с 22 окт. 2026"
    with Mailbox() as server:
        settings(server)
        sending.send(Message(TO, subject, "x", "k"))
    assert server.subjects() == [subject]


def test_a_refused_login_is_logged_without_the_password(settings, data_dir, caplog, capfd):
    wrong = "guessed-and-wrong-password"
    caplog.set_level(logging.DEBUG)
    with guarded() as server:
        settings(server, USER="figures", PASSWORD=wrong)
        assert not sent.deliver(message(), "alert", "Overdue")
        line = log(data_dir)[0]
        assert line["result"] == "failed" and "refused the login" in line["reason"]
        settings(server, USER="figures", PASSWORD=PASSWORD)
        assert sent.deliver(message(), "alert", "Overdue") and len(server.mails) == 1
    # The server of this test writes a log too, in which it repeats everything.
    ours = "".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    written = (data_dir / "sent.jsonl").read_text() + ours + "".join(capfd.readouterr())
    assert wrong not in written and PASSWORD not in written


def test_a_server_that_is_not_there_is_said_so(settings):
    settings(Mailbox())
    with pytest.raises(NotSent, match=r"no answer from the mail server \(ConnectionRefusedError\)"):
        sending.send(message())


def test_a_password_is_never_sent_for_all_to_read(settings, monkeypatch):
    settings(Mailbox(), HOST="mail.firm.example", USER="figures", PASSWORD=PASSWORD)
    with pytest.raises(WrongSetting, match="for all to read"):
        sending.send(message())


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(settings, tmp_path):
    with Mailbox(tls_context=certificate(tmp_path)) as server:
        settings(server, TLS="starttls", USER="figures", PASSWORD=PASSWORD)
        with pytest.raises(NotSent, match="no safe line to the mail server"):
            sending.send(message())
    assert not server.mails


@pytest.mark.parametrize(
    "name, value, reason",
    [("TLS", "maybe", "none of starttls, tls, none"), ("PORT", "smtp", "SMTP__PORT=smtp is not a port")],
)
def test_a_wrong_setting_is_named(settings, name, value, reason):
    settings(Mailbox(), **{name: value})
    with pytest.raises(WrongSetting, match=reason):
        sending.send(message())


def test_what_was_sent_is_not_sent_again_and_the_log_is_the_owners_alone(settings, data_dir):
    with Mailbox() as server:
        settings(server)
        for _ in range(2):
            assert sent.deliver(message(), "alert", "Overdue", {"value": 0.31})
        assert sent.deliver(message(key="second"), "alert", "Overdue")
    assert len(server.mails) == 2
    line = log(data_dir)[0]
    assert (line["kind"], line["recipient"], line["rule"], line["result"]) == ("alert", TO, "Overdue", "sent")
    assert line["values"] == {"value": 0.31} and line["subject"] == "Overdue: 31 %" and line["moment"].endswith("Z")
    assert stat.S_IMODE((data_dir / "sent.jsonl").stat().st_mode) == 0o600


def test_a_line_of_the_log_that_was_cut_off_spoils_none_after_it(settings, data_dir):
    (data_dir / "sent.jsonl").write_text('{"moment": "2026-11')
    with Mailbox() as server:
        settings(server)
        sent.deliver(message(), "alert")
        sent.deliver(message(), "alert")
    assert len(server.mails) == 1 and len(sent.lines()) == 1


def test_two_senders_do_not_send_at_once(data_dir):
    with sent.alone(), pytest.raises(sent.Busy), sent.alone():
        pass


def test_a_webhook_is_asked_again_when_it_is_busy(monkeypatch, data_dir):
    monkeypatch.setattr(posting.time, "sleep", lambda _: None)
    with Webhook({"Retry-After": "1"}) as hook:
        monkeypatch.setenv("WEBHOOK__SALES", hook.address)
        hook.answers = [429, 503]
        sending.send(message("sales", fields={"value": 0.31}))
        assert hook.posts == [{"subject": "Overdue: 31 %", "text": "Overdue is 31 %.", "value": 0.31}]
        hook.answers = [500] * posting.ATTEMPTS
        with pytest.raises(NotSent, match="status 500, 4 times"):
            sending.send(message("sales"))
        hook.answers = [404]
        with pytest.raises(NotSent, match=r"status 404$"):
            sending.send(message("sales"))
    assert len(hook.posts) == 1


def test_a_webhook_that_leads_elsewhere_is_not_followed_and_its_address_is_told_nobody(monkeypatch, data_dir):
    with Webhook() as other, Webhook({"Location": other.address}) as hook:
        monkeypatch.setenv("WEBHOOK__SALES", hook.address)
        hook.answers = [307]
        assert not sent.deliver(message("sales"), "alert")
        assert not other.posts
    assert "leads to another address" in log(data_dir)[0]["reason"]
    assert "secret-token" not in (data_dir / "sent.jsonl").read_text()


def test_figures_leave_this_machine_only_by_https(monkeypatch):
    monkeypatch.setenv("WEBHOOK__SALES", "http://hooks.example.invalid/secret-token")
    with pytest.raises(WrongSetting, match="must begin with https") as error:
        sending.send(message("sales"))
    assert "secret-token" not in str(error.value)


def test_slack_and_teams_get_their_own_form_and_no_markup_of_ours():
    said = "Owes: <!channel> *Alfa* [here](http://x) & Co"
    slack = posting.body("hooks.slack.com", "Overdue", said, {})["text"]
    assert "&lt;!channel&gt;" in slack and "<!" not in slack and "& Co" not in slack and "*Alfa*" not in slack
    teams = posting.body("firm.webhook.office.com", "Overdue", said, {})
    card = teams["attachments"][0]["content"]
    assert card["type"] == "AdaptiveCard" and card["body"][1]["text"].startswith(r"Owes: <!channel> \*Alfa\* \[here\]")
    assert posting.body("hooks.slack.com.evil.invalid", "Overdue", said, {})["subject"] == "Overdue"


def certificate(folder) -> ssl.SSLContext:
    """A server's certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    begins = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(begins).not_valid_after(begins + datetime.timedelta(days=2)).sign(key, hashes.SHA256())
    path, form = folder / "server.pem", serialization.Encoding.PEM
    private = key.private_bytes(form, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context

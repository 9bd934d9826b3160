"""One message to one recipient: a mail by SMTP, or a post to a webhook. Says why it did not arrive, never a secret."""

import hashlib
import re
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr

from dashboards import posting
from dashboards.configuration import setting, webhook
from dashboards.posting import LOOPBACK, NotSent, WrongSetting

TLS = ("starttls", "tls", "none")
PORTS = {"starttls": 587, "tls": 465, "none": 25}
SECONDS = 20
MAIL = re.compile(r"[^@\s<>\",;:]+@[^@\s<>\",;:]+")


@dataclass(frozen=True)
class Picture:
    """A PNG inside a mail; `name` is what the HTML calls it (`cid:name`)."""

    name: str
    png: bytes


@dataclass(frozen=True)
class Message:
    """What is sent. `key` names the occasion: the same occasion has the same identity for whoever receives it twice.

    `fields` are the values a program would read; only a webhook of plain JSON carries them.
    """

    recipient: str
    subject: str
    text: str
    key: str
    html: str = ""
    pictures: tuple[Picture, ...] = ()
    fields: dict = field(default_factory=dict)


def is_mail(recipient: str) -> bool:
    return MAIL.fullmatch(recipient) is not None


def lacking(recipient: str) -> str | None:
    """Why nothing could be sent to this recipient as things are set; None when all is set."""
    if is_mail(recipient):
        return None if setting("SMTP__HOST") and setting("SMTP__FROM") else "SMTP__HOST and SMTP__FROM are not set"
    if "@" in recipient:
        return f"{recipient} is not a mail address"
    return None if webhook(recipient) else f"WEBHOOK__{recipient.upper()} is not set"


def send(message: Message) -> None:
    """Hands the message over. NotSent says in a sentence why not; WrongSetting which setting is wrong."""
    reason = lacking(message.recipient)
    if reason:
        raise WrongSetting(f"{reason}: see .env.example")
    if is_mail(message.recipient):
        _mail(message)
    else:
        posting.post(webhook(message.recipient), message.subject, message.text, message.fields)


def composed(message: Message) -> EmailMessage:
    """The mail as it goes over the wire: plain text, HTML beside it, pictures inside the HTML."""
    mail = EmailMessage()
    sender = one_line(setting("SMTP__FROM"))
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    mail["From"], mail["To"], mail["Subject"] = sender, message.recipient, whole(one_line(message.subject))
    mail["Date"] = formatdate(localtime=True)
    mail["Message-ID"] = f"<{hashlib.sha256(f'{message.key} {message.recipient}'.encode()).hexdigest()[:32]}@{domain}>"
    # Nobody's holiday notice answers a machine.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    if message.html:
        mail.add_alternative(message.html, subtype="html")
        shown = mail.get_payload()[-1]
        for picture in message.pictures:
            name = {"cid": f"<{picture.name}>", "filename": f"{picture.name}.png", "disposition": "inline"}
            shown.add_related(picture.png, "image", "png", **name)
    return mail


def one_line(text: str) -> str:
    """A header has one line, whatever a name in the data contains."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def whole(subject: str) -> str:
    """Python's mails lose blanks between encoded words, where a long line is broken; a blank that holds is kept."""
    return subject if subject.isascii() else subject.replace(" ", "\u00a0")


def _mail(message: Message) -> None:
    mail = composed(message)
    try:
        with _connected() as server:
            server.send_message(mail)
    except smtplib.SMTPAuthenticationError as error:
        # The server's own words are left out: some repeat what they were given.
        raise NotSent(f"the mail server refused the login of SMTP__USER ({error.smtp_code})") from None
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise NotSent(f"the mail server refused the recipient ({code})") from None
    except smtplib.SMTPSenderRefused as error:
        raise NotSent(f"the mail server refused the sender SMTP__FROM ({error.smtp_code})") from None
    except smtplib.SMTPResponseException as error:
        raise NotSent(f"the mail server did not take the mail ({error.smtp_code})") from None
    except smtplib.SMTPNotSupportedError:
        raise NotSent("the mail server lacks what SMTP__TLS or SMTP__USER asks for") from None
    except ssl.SSLError as error:
        raise NotSent(f"no safe line to the mail server ({error.reason or type(error).__name__})") from None
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        raise NotSent(f"no answer from the mail server ({type(error).__name__})") from None


def _connected() -> smtplib.SMTP:
    host, tls, port = setting("SMTP__HOST"), setting("SMTP__TLS").strip().lower(), _port()
    user, password = setting("SMTP__USER"), setting("SMTP__PASSWORD")
    if tls not in TLS:
        raise WrongSetting(f"SMTP__TLS={tls} is none of {', '.join(TLS)}")
    if tls == "none" and user and host not in LOOPBACK:
        raise WrongSetting("SMTP__TLS=none would send the password for all to read; set starttls or tls")
    known = ssl.create_default_context()
    if tls == "tls":
        server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=known)
    else:
        server = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if tls == "starttls":
            server.starttls(context=known)
        if user:
            server.login(user, password)
    except BaseException:
        server.close()
        raise
    return server


def _port() -> int:
    written = setting("SMTP__PORT") or str(PORTS.get(setting("SMTP__TLS").strip().lower(), 25))
    if not written.isdigit() or not 0 < int(written) < 65536:
        raise WrongSetting(f"SMTP__PORT={written} is not a port; 587 is one")
    return int(written)

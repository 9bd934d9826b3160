"""A message to a webhook: Slack and Teams in their own form, anything else as plain JSON."""

import random
import re
import time
from urllib.parse import urlsplit

import requests

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SECONDS = (5, 20)
ATTEMPTS = 4
LONGEST_WAIT = 30
# Whose form an address wants is told by its host.
SLACK = re.compile(r"(^|\.)slack(-gov)?\.com$")
TEAMS = re.compile(r"(^|\.)(webhook\.office\.com|logic\.azure\.com|powerplatform\.com)$")


class NotSent(Exception):
    """A message that did not arrive; the text says why and carries no address and no secret."""


class WrongSetting(NotSent):
    """It cannot arrive as things are set."""


def post(address: str, subject: str, text: str, fields: dict) -> None:
    """Hands it over, patiently. An address of a webhook is a secret: no error names it."""
    host = checked(address)
    session = requests.Session()
    # Nothing of ~/.netrc, and no proxy between us and this machine.
    session.trust_env = host not in LOOPBACK
    problem = ""
    for attempt in range(ATTEMPTS):
        try:
            answer = session.post(
                address, json=body(host, subject, text, fields), timeout=SECONDS, allow_redirects=False, auth=_unsigned
            )
        except requests.RequestException as error:
            problem, wait = f"no answer ({type(error).__name__})", None
        else:
            if 200 <= answer.status_code < 300:
                return
            if 300 <= answer.status_code < 400:
                raise NotSent("the webhook leads to another address; it was not followed")
            problem = f"the webhook answered with status {answer.status_code}"
            if answer.status_code != 429 and answer.status_code < 500:
                raise NotSent(problem)
            wait = _asked(answer.headers.get("Retry-After", ""))
        if attempt + 1 < ATTEMPTS:
            time.sleep(min(2**attempt * random.uniform(0.5, 1) if wait is None else wait, LONGEST_WAIT))
    raise NotSent(f"{problem}, {ATTEMPTS} times")


def checked(address: str) -> str:
    """The host of an address that may be posted to: of the network only by https."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise WrongSetting("the webhook's address cannot be read") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise WrongSetting("the webhook's address must begin with https://")
    return host


def body(host: str, subject: str, text: str, fields: dict) -> dict:
    if SLACK.search(host):
        return {"text": f"*{_slack(subject)}*\n{_slack(text)}"}
    if TEAMS.search(host):
        lines = [{"type": "TextBlock", "text": _teams(subject), "weight": "Bolder", "wrap": True}]
        lines += [{"type": "TextBlock", "text": _teams(line), "wrap": True} for line in text.splitlines() if line]
        card = {"type": "AdaptiveCard", "version": "1.4", "body": lines}
        attached = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        return {"type": "message", "attachments": [attached]}
    return {"subject": subject, "text": text, **fields}


def _slack(text: str) -> str:
    """What Slack would read as a link, a mention or emphasis is plain text here."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([*_~`])", "\\1\u200b", text)


def _teams(text: str) -> str:
    return re.sub(r"([\\`*_\[\]])", r"\\\1", text)


def _asked(seconds: str) -> float | None:
    return float(seconds) if seconds.isdigit() else None


def _unsigned(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request

"""Does the vendor answer at all, and does its clock agree with ours? Nothing secret is sent to find out."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import requests

from pipelines.checking.findings import Finding, fix, note, well
from pipelines.http import LOOPBACK

SECONDS_TO_ANSWER = (10, 20)
SECONDS_APART = 60
CLOCK = "clock"


def answering(name: str, address: str, meant: str = "") -> Iterator[Finding]:
    """One request without credentials: any answer will do. With it comes the vendor's time. `meant`: what to write."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        yield fix("address", f"{name} is not an address of the web; it is {meant or 'written as https://host/…'}")
        return
    host = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        yield note("address", f"{name}: {host} is not encrypted; whoever listens on the way learns the secret")
    session = requests.Session()
    session.trust_env = parts.hostname not in LOOPBACK
    asked = now()
    try:
        # An auth callable keeps requests from sending what ~/.netrc has for this host.
        answer = session.get(
            address, auth=lambda request: request, allow_redirects=False, stream=True, timeout=SECONDS_TO_ANSWER
        )
        answer.close()
    except requests.RequestException as error:
        yield fix("address", f"{name}: {host} {_why(error)}")
        return
    yield well("address", f"{name}: {host} answers")
    yield from told_by(answer.headers, asked)


def _why(error: requests.RequestException) -> str:
    if isinstance(error, requests.exceptions.SSLError):
        return "has a certificate that this machine does not trust: is the name right, and is a proxy in between?"
    if isinstance(error, requests.exceptions.ProxyError):
        return "is behind a proxy that does not let us through (HTTPS_PROXY)"
    if isinstance(error, requests.exceptions.Timeout):
        return f"does not answer within {SECONDS_TO_ANSWER[0]} s: does a firewall let this machine there?"
    return "does not answer: is the address right, and does a firewall let this machine there?"


def told_by(headers: Mapping[str, str], asked: datetime) -> Iterator[Finding]:
    """The vendor's time of an answer; one that a cache kept tells nothing."""
    if "Age" in headers:
        return
    try:
        told = parsedate_to_datetime(headers.get("Date", ""))
    except (TypeError, ValueError):
        return
    yield compared(told, asked + (now() - asked) / 2)


def compared(theirs: datetime, ours: datetime) -> Finding:
    """Our clock against the source's own, both UTC."""
    seconds = (ours.replace(tzinfo=None) - theirs.replace(tzinfo=None)).total_seconds()
    apart = f"{abs(seconds):.0f} s" if abs(seconds) < 120 else f"{abs(seconds) / 60:.0f} minutes"
    if abs(seconds) <= SECONDS_APART:
        return well(CLOCK, f"agrees with the source's within {apart}")
    way = "ahead of" if seconds > 0 else "behind"
    return fix(
        CLOCK,
        f"ours is {apart} {way} the source's: let a time server set it (`timedatectl set-ntp true`); tokens are refused"
        " by a clock that is off, and what happened around midnight falls on the wrong day",
    )


def now() -> datetime:
    return datetime.now(UTC)

"""Who asks S/4HANA, and what it means by a refusal."""

import base64
import re

from pipelines.extraction import (
    Absent,
    ClientCredentials,
    Http,
    Options,
    SourceFailed,
    Unavailable,
    UnknownField,
    parsed,
)

IN_XML = re.compile(r"<code>(?P<code>[^<]*)</code>.*?<message[^>]*>(?P<message>[^<]*)</message>", re.DOTALL)
PROPERTY = re.compile(r"[Pp]roperty '?(\w+)'? (?:is )?not found|[Ii]nvalid property '?(\w+)'?")


def connected(options: Options) -> Http:
    """By a key, by tokens or by a user with a password: whichever is set."""
    limits = options.limits(requests_per_second=5)
    signature = {"sap-client": options.text("SAP_CLIENT")} if options.text("SAP_CLIENT") else {}
    tokens = None
    if options.text("API_KEY"):
        signature["APIKey"] = options.secret("API_KEY").strip()
    elif options.text("TOKEN_URL"):
        form = {
            "grant_type": "client_credentials",
            "client_id": options.secret("CLIENT_ID"),
            "client_secret": options.secret("CLIENT_SECRET"),
        }
        tokens = ClientCredentials(options.source, options.required("TOKEN_URL"), limits, form)
    elif options.text("USER"):
        login = f"{options.text('USER')}:{options.secret('PASSWORD')}".encode()
        signature["Authorization"] = "Basic " + base64.b64encode(login).decode()
    else:
        raise SourceFailed(options.source, "", "none of API_KEY, TOKEN_URL and USER is set: one says who asks")
    return Http(options.source, options.required("BASE_URL"), limits, refused, tokens, signature)


def refused(status: int, body: bytes) -> Exception | str | None:
    """What S/4HANA means by an error: a code and a message, in JSON or XML; a login page means nothing."""
    code, message = error(body)
    if status == 403:
        return Unavailable(f"not available: no right to read it ({code or status})")
    if status == 404 and "MED/170" in code:
        return Absent(f"not available: the service is not active ({code})")
    if status == 404:
        return Absent(f"not available: this system has no such entity set ({code or status})")
    if status == 400 and (field := PROPERTY.search(message)):
        return UnknownField(field[1] or field[2])
    if status == 400:
        return f"the question is refused ({code}: {message[:200]})"
    return None


def error(body: bytes) -> tuple[str, str]:
    try:
        answer = parsed(body)
    except ValueError:
        found = IN_XML.search(body.decode("utf-8", "replace"))
        return (found["code"], found["message"]) if found else ("", "")
    told = answer.get("error") if isinstance(answer, dict) else None
    told = told if isinstance(told, dict) else {}
    message = told.get("message")
    return str(told.get("code", "")), str(message.get("value", "") if isinstance(message, dict) else message or "")

"""What vendors' answers are made of: JSON bodies, pages written by polars, the check of client credentials."""

import base64
import json
from typing import Any
from urllib.parse import parse_qs

import polars as pl
from starlette.requests import Request
from starlette.responses import Response

CLIENT_ID = "sandbox"
CLIENT_SECRET = "sandbox-secret"
CREDENTIALS = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


def dense(body: Any) -> str:
    return json.dumps(body, separators=(",", ":"))


def answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(dense(body), status, headers, media_type="application/json")


def page(head: dict[str, Any], name: str, rows: pl.DataFrame, tail: dict[str, Any] | None = None) -> Response:
    """The head's members, the rows under their name, the tail's members: a row never becomes a Python object."""
    # polars 2.1 writes an empty list where the first of several chunks is empty.
    members = [dense(head)[1:-1], f'"{name}":{rows.rechunk().write_json()}', dense(tail or {})[1:-1]]
    return Response("{" + ",".join(filter(None, members)) + "}", media_type="application/json")


async def token_request(request: Request) -> str:
    """What is wrong with a request for a token: "grant", "client", or nothing."""
    form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "basic":
        client, _, secret = base64.b64decode(value).decode().partition(":")
    if form.get("grant_type") != "client_credentials":
        return "grant"
    return "" if (client, secret) == (CLIENT_ID, CLIENT_SECRET) else "client"

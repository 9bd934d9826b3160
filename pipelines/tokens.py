"""Tokens of a vendor: by OAuth's client credentials, or one that was given out once and stays."""

from collections.abc import Mapping
from typing import Any

import msgspec

from pipelines.failures import Broken, SourceFailed
from pipelines.http import Http, Limits


class ClientCredentials:
    """A token from the vendor's own token address, asked for when first needed and when it has ended."""

    def __init__(self, source: str, address: str, limits: Limits, form: Mapping[str, str]) -> None:
        self._http = Http(source, address, limits, refused)
        self._address = address
        self._form = dict(form)
        self._token = ""

    def token(self, renewed: bool = False) -> str:
        if renewed or not self._token:
            self._token = self._http.ask("token", "POST", self._address, read_token, data=self._form)
        return self._token

    @property
    def asked(self) -> int:
        return self._http.requests


class StaticToken:
    """A token that somebody made in the vendor's own screen. It is never renewed: refused, only they can help."""

    asked = 0

    def __init__(self, source: str, token: str, variable: str) -> None:
        self._source, self._token, self._variable = source, token, variable

    def token(self, renewed: bool = False) -> str:
        if renewed:
            words = f"the token is refused (401): was it withdrawn, or has it ended? {self._variable} needs a new one"
            raise SourceFailed(self._source, "", words)
        return self._token


def refused(status: int, _body: bytes) -> str | None:
    return f"the client id or its secret is refused ({status})" if status in (400, 401, 403) else None


def read_token(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=dict[str, Any])["access_token"]
    except (msgspec.DecodeError, KeyError) as error:
        raise Broken("the token address did not answer with a token") from error

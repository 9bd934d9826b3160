"""Calls of Livespace: each is signed with a session of its own, and nearly every answer has the status 200.

https://api-docs.livespace.io
"""

import hashlib
import json
from functools import partial
from typing import Any
from urllib.parse import parse_qs

import msgspec
from requests import PreparedRequest

from pipelines.extraction import Broken, Http, Options, SourceFailed, Unavailable, parsed
from pipelines.http import Limits

ROOT = "/api/public/json"


class Answer(msgspec.Struct):
    result: int
    status: bool
    data: Any = None  # raw JSON, or parsed where the body is not quite JSON


class RawAnswer(Answer):
    data: msgspec.Raw = msgspec.Raw(b"null")


class Session(msgspec.Struct):
    token: str
    session_id: str


class Sessions:
    """Signs requests. A session is good for one call: a call that is made again has another."""

    def __init__(self, options: Options, base: str, limits: Limits) -> None:
        self._key, self._secret = options.secret("API_KEY").strip(), options.secret("API_SECRET").strip()
        self._http = Http(options.source, base, limits, refused)

    @property
    def asked(self) -> int:
        return self._http.requests

    def sign(self, request: PreparedRequest) -> None:
        who = {"_api_auth": "key", "_api_key": self._key}
        address = f"{self._http.base_url}/_Api/auth_call/_api_method/getToken"
        session = self._http.ask("token", "POST", address, partial(_session, self._http.source), data=who)
        seal = hashlib.sha1(f"{self._key}{session.token}{self._secret}".encode()).hexdigest()
        given = json.loads(parse_qs(str(request.body))["data"][0])
        given |= who | {"_api_session": session.session_id, "_api_sha": seal}
        request.prepare_body({"data": json.dumps(given)}, None)


def connected(options: Options) -> Http:
    limits = options.limits(requests_per_second=5)
    base = options.required("BASE_URL").rstrip("/") + ROOT
    return Http(options.source, base, limits, refused, signs=Sessions(options, base, limits))


def call(http: Http, entity: str, **given: Any) -> Any:
    """The data of the answer to a call: raw JSON, or parsed."""
    module, method = entity.split("/")[:2]
    asked = {"data": json.dumps(given)}
    return http.ask(
        entity, "POST", f"{http.base_url}/{module}/{method}", partial(answered, http.source, entity), data=asked
    )


def answered(source: str, entity: str, body: bytes) -> Any:
    """What an answer holds. That it is none, a number in it says, and no status of HTTP."""
    try:
        answer: Answer = msgspec.json.decode(body, type=RawAnswer)
    except msgspec.ValidationError as error:
        raise Broken(f"the answer is not one of this interface ({error})") from error
    except msgspec.DecodeError:
        answer = _carefully(body)
    if answer.status and answer.result == 200:
        return answer.data
    if answer.result in (400, 500, 520):
        raise Broken(f"the answer says that something went wrong ({answer.result})")
    if answer.result == 540:
        raise Unavailable("not available: no right to read it (540)")
    if answer.result == 530 or 560 <= answer.result <= 564:
        raise SourceFailed(source, entity, f"the API key or its secret is refused ({answer.result})")
    raise SourceFailed(source, entity, f"the question is refused ({answer.result})")


def _carefully(body: bytes) -> Answer:
    """NaN and half surrogates make a body that is no JSON, and still every record in it can be read."""
    try:
        found = parsed(body)
        return Answer(int(found["result"]), found["status"] is True, found.get("data"))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise Broken("the answer is not JSON") from error


def _session(source: str, body: bytes) -> Session:
    data = answered(source, "token", body)
    try:
        return msgspec.json.decode(data, type=Session)
    except (msgspec.DecodeError, TypeError) as error:
        raise Broken("the answer holds no session") from error


def refused(status: int, _body: bytes) -> str | None:
    return f"the API key or its secret is refused ({status})" if status in (401, 403) else None


def listed(data: Any, wrapper: str = "") -> list[Any]:
    """The records under their wrapper. PHP writes an empty map as `[]`, and a list with gaps in its count as a map."""
    outer = _opened(data)
    inner = _opened(outer.get(wrapper)) if isinstance(outer, dict) else outer
    return list(inner.values()) if isinstance(inner, dict) else inner or []


def _opened(data: Any) -> Any:
    raw = isinstance(data, msgspec.Raw)
    return msgspec.json.decode(data, type=dict[str, msgspec.Raw] | list[msgspec.Raw] | None) if raw else data


def whole(data: Any) -> Any:
    """The data as Python values, numbers as text."""
    return parsed(bytes(data)) if isinstance(data, msgspec.Raw) else data

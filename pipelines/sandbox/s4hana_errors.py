"""How S/4HANA says that it will not: an error in JSON, in XML where JSON was not asked for, or a page of HTML."""

from starlette.responses import Response

from pipelines.sandbox.answers import answer

NOT_ACTIVE = "No service found for namespace '', name '{}', version '0001'"
ERRORS = {  # the vendor's status, code and words for each fault
    "429": (429, "429", "Too Many Requests"),
    "concurrent": (429, "429", "Too Many Requests"),
    "budget_spent": (429, "429", "Too Many Requests"),
    "not_found": (404, "005056A509B11EE1B9A8FEC11C21D78E", "Resource not found for the segment"),
    "408": (408, "408", "Request Timeout"),
    "500": (500, "SY/530", "An exception was raised"),
    "503": (503, "503", "Service Unavailable"),
    "error_body": (200, "SY/530", "An exception was raised"),
}
LOGON = "<html><head><title>Logon Error Message</title></head><body><h1>Logon failed</h1></body></html>"


def refusal(status: int, code: str, message: str) -> Response:
    told = {"code": code, "message": {"lang": "en", "value": message}, "innererror": {"transactionid": "5F1C"}}
    return answer({"error": told}, status)


def fault(kind: str) -> Response:
    if kind == "token_refused":
        return Response(LOGON, 401, media_type="text/html")
    if kind == "forbidden":
        return Response("Forbidden", 403, media_type="text/plain")
    return refusal(*ERRORS[kind])


def not_active(service: str) -> Response:
    """The gateway says this in XML, whatever was asked for."""
    message = f'<message xml:lang="en">{NOT_ACTIVE.format(service)}</message>'
    body = f'<?xml version="1.0" encoding="utf-8"?><error><code>/IWFND/MED/170</code>{message}</error>'
    return Response(body, 404, media_type="application/xml")

"""How Salesforce says that it will not: a list of errors, each with its code."""

from starlette.responses import Response

from pipelines.sandbox.answers import answer

ERRORS = {  # the vendor's status, code and words for each fault
    "token_refused": (401, "INVALID_SESSION_ID", "Session expired or invalid"),
    "429": (429, "REQUEST_LIMIT_EXCEEDED", "Too many requests."),
    "concurrent": (403, "REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."),
    "budget_spent": (403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    "forbidden": (403, "INSUFFICIENT_ACCESS", "insufficient access rights on object id"),
    "not_found": (404, "NOT_FOUND", "The requested resource does not exist"),
    "408": (400, "QUERY_TIMEOUT", "Your query request was running for too long."),
    "500": (500, "UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    "503": (503, "SERVER_UNAVAILABLE", "The server is unavailable"),
    "error_body": (200, "UNKNOWN_EXCEPTION", "An unexpected error occurred."),
    "locator": (400, "INVALID_QUERY_LOCATOR", "invalid query locator"),
}


def refusal(status: int, code: str, message: str) -> Response:
    return answer([{"message": message, "errorCode": code}], status)


def fault(kind: str) -> Response:
    return refusal(*ERRORS[kind])

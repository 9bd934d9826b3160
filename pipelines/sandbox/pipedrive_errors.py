"""How Pipedrive says that it will not: success false and words, and in its headers what is left of its limits."""

from starlette.responses import Response

from pipelines.sandbox.answers import answer

ERRORS = {  # the vendor's status and words for each fault
    "token_refused": (401, "unauthorized access"),
    "429": (429, "request over limit"),
    "concurrent": (429, "request over limit"),
    "budget_spent": (429, "request over limit"),
    "forbidden": (403, "You do not have permissions to do this."),
    "not_found": (404, "Unknown method ."),
    "feature": (415, "Feature is not enabled"),
    "408": (408, "Request timed out"),
    "500": (500, "Internal server error"),
    "503": (503, "Service unavailable"),
    "error_body": (200, "Something went wrong"),
}
NOTHING_LEFT = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"}


def refusal(status: int, error: str, headers: dict[str, str] | None = None) -> Response:
    told = {"success": False, "error": error, "error_info": "Please check developers.pipedrive.com"}
    return answer(told | {"data": None, "additional_data": None, "code": f"ERR_{status}"}, status, headers)


def fault(kind: str) -> Response:
    headers = dict(NOTHING_LEFT) if ERRORS[kind][0] == 429 else {}
    if kind == "budget_spent":
        headers["x-daily-ratelimit-token-remaining"] = "0"
    return refusal(*ERRORS[kind], headers)

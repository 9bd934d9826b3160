"""How HubSpot says that it will not: one object with a message, mostly with a category."""

from typing import Any

from starlette.responses import Response

from pipelines.sandbox.answers import answer

SCOPES = "One or more of the following scopes are required."
ERRORS: dict[str, tuple[int, dict[str, Any]]] = {  # the vendor's status and body for each fault
    "token_refused": (
        401,
        {"message": "Authentication credentials not found.", "category": "INVALID_AUTHENTICATION"},
    ),
    # As recorded: no Retry-After, no policy. Its documented form, with a policy, is used for the day only.
    "429": (429, {"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}),
    "concurrent": (429, {"message": "You have reached your secondly limit.", "category": "RATE_LIMITS"}),
    "budget_spent": (
        429,
        {"message": "You have reached your daily limit.", "errorType": "RATE_LIMIT", "policyName": "DAILY"},
    ),
    "forbidden": (
        403,
        {
            "message": SCOPES,
            "context": {"requiredGranularScopes": ["crm.objects.sandbox.read"]},
            "category": "MISSING_SCOPES",
        },
    ),
    "not_found": (404, {"message": "resource not found", "category": "OBJECT_NOT_FOUND"}),
    "no_object": (400, {"message": "Unable to infer object type from: {}"}),
    "408": (408, {"message": "The request timed out."}),
    "500": (500, {"message": "internal error"}),
    "503": (503, {"message": "Service Unavailable"}),
    "error_body": (200, {"message": "internal error"}),
    "locked": (423, {"message": "The resource is locked.", "category": "CONFLICT"}),
}


def refusal(status: int, **told: Any) -> Response:
    return answer({"status": "error", "correlationId": "00000000-0000-4000-8000-000000000000", **told}, status)


def fault(kind: str) -> Response:
    status, told = ERRORS[kind]
    return refusal(status, **told)


def invalid(message: str) -> Response:
    return refusal(400, message=message, category="VALIDATION_ERROR")


def several(found: Response, missing: list[str]) -> Response:
    """A batch of which some could not be given: 207, and why."""
    if not missing:
        return found
    errors = [{"status": "error", "category": "OBJECT_NOT_FOUND", "context": {"ids": missing}}]
    told = answer({"numErrors": len(errors), "errors": errors})
    return Response(found.body[:-1] + b"," + told.body[1:], 207, media_type="application/json")

"""How Business Central says that it will not: one error with its code, and words for filters that make no sense."""

from starlette.responses import Response

from pipelines.sandbox.answers import answer

EDM = {"timestamp": "DateTimeOffset", "date": "Date", "guid": "Guid", "number": "Decimal", "bool": "Boolean"}
CORRELATION = "  CorrelationId:  3f0d5b0e-8f3a-4c60-9b1a-2f6f3a9c1d10."
ERRORS = {  # the vendor's status, code and words for each fault
    "token_refused": (401, "Authentication_InvalidCredentials", "The server has rejected the client credentials."),
    "429": (429, "Application_TooManyRequests", "Too many requests reached. Actual (101). Maximum (100)."),
    "concurrent": (429, "Application_TooManyRequests", "Too many requests reached. Actual (101). Maximum (100)."),
    "budget_spent": (429, "Application_TooManyRequests", "Too many requests reached. Actual (6001). Maximum (6000)."),
    "forbidden": (403, "Internal_ServerError", "You do not have the following permissions on TableData: Read."),
    "not_found": (404, "BadRequest_NotFound", "Resource not found for the segment."),
    "no_company": (404, "Internal_CompanyNotFound", "The company does not exist."),
    "lines": (400, "Application_DialogException", "You must specify an Id or a Document Id to get the lines."),
    "408": (408, "Application_OperationCanceled", "The operation was canceled."),
    "500": (500, "Internal_ServerError", "An error occurred while processing your request."),
    "503": (503, "Internal_ServiceUnavailable", "The service is temporarily unavailable."),
    "error_body": (200, "Internal_ServerError", "An error occurred while processing your request."),
}


def refusal(status: int, code: str, message: str) -> Response:
    return answer({"error": {"code": code, "message": message + CORRELATION}}, status)


def fault(kind: str) -> Response:
    return refusal(*ERRORS[kind])


def incompatible(name: str, kind: str, given: str) -> Response:
    left, right = (f"'Edm.{EDM.get(each, 'String')}'" for each in (kind, given))
    message = "A binary operator with incompatible types was detected. Found operand types"
    return refusal(400, "BadRequest", f"{message} {left} and {right} for property '{name}'.")

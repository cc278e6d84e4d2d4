"""Errors of the client: a problem of the API (RFC 9457), or a request that got no response."""

from __future__ import annotations

import json
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from time import time
from typing import Any

import httpx


@dataclass(frozen=True)
class WrongPart:
    """A part of the request that is wrong: a JSON Pointer into the body, or the name of a parameter."""

    location: str
    detail: str


class JobtreeError(Exception):
    """The superclass of every error that the client raises.

    `status` is the HTTP status, or 0 if there was no response. The reference of the HTTP API lists the codes.
    """

    def __init__(
        self,
        detail: str,
        *,
        status: int = 0,
        code: str,
        errors: tuple[WrongPart, ...] = (),
        request_id: str | None = None,
        retry_after_seconds: float | None = None,
    ) -> None:
        super().__init__("\n".join([detail, *(f"  {part.location}: {part.detail}" for part in errors)]))
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = errors
        self.request_id = request_id
        self.retry_after_seconds = retry_after_seconds


class InvalidRequestError(JobtreeError):
    """400, 413 or 422: the request itself is wrong."""


class NotAllowedError(JobtreeError):
    """401 or 403: the token is not accepted, or its role is not sufficient."""


class NotFoundError(JobtreeError):
    """404: it does not exist, or the token does not have the partition."""


class ConflictError(JobtreeError):
    """409 or 412: the current state does not allow the request."""


class ThrottledError(JobtreeError):
    """429, after all retries."""


class ServiceError(JobtreeError):
    """5xx, after all retries."""


class ServiceUnreachableError(JobtreeError):
    """The service did not respond, after all retries."""


class WaitTimeoutError(JobtreeError):
    """A job was not final within the time that `done` allows. It continues."""


_CLASSES: dict[int, type[JobtreeError]] = {
    400: InvalidRequestError,
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    409: ConflictError,
    412: ConflictError,
    413: InvalidRequestError,
    422: InvalidRequestError,
    429: ThrottledError,
}


def error_of(response: httpx.Response) -> JobtreeError:
    """Returns the error of a response that is not a success."""
    status = response.status_code
    problem = _problem_in(response.text)
    error_class = _CLASSES.get(status, ServiceError if status >= 500 else JobtreeError)
    return error_class(
        problem.get("detail") or problem.get("message") or _unexpected(response),
        status=status,
        code=problem.get("code") or f"http-{status}",
        errors=tuple(_part(one) for one in problem.get("errors") or ()),
        request_id=problem.get("requestId") or response.headers.get("x-amzn-requestid"),
        retry_after_seconds=retry_after_seconds(response),
    )


def retry_after_seconds(response: httpx.Response) -> float | None:
    """Returns the seconds of `Retry-After`, which may also be a date."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time())
    except ValueError:
        return None


def _problem_in(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _part(part: dict[str, Any]) -> WrongPart:
    return WrongPart(part.get("pointer") or part.get("parameter") or "/", str(part.get("detail", "")))


def _unexpected(response: httpx.Response) -> str:
    # The query of a presigned link is a secret.
    address = str(response.url).split("?")[0]
    excerpt = " ".join(response.text.split())[:200]
    return f"{address} responded with {response.status_code}" + (f": {excerpt}" if excerpt else "")

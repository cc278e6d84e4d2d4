"""Sends requests: adds the token, repeats what is safe to repeat, and raises typed errors."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Generator
from decimal import Decimal
from functools import partial
from typing import Any

import httpx

from .errors import ServiceError, ServiceUnreachableError, error_of, retry_after_seconds

Token = str | Callable[[], str]
"""A token, or a function that returns a current one. The client calls it again after a 401."""

TIMEOUT_SECONDS = 60.0
_FIRST_DELAY_SECONDS = 0.25
_MAX_DELAY_SECONDS = 8.0
_MAX_RETRY_AFTER_SECONDS = 60.0
# A float holds every decimal number of up to 15 digits.
_SAFE_LENGTH = 15
_TRANSIENT = (429, 502, 503, 504)
_REPEATABLE_ACTIONS = ("/cancel", "/pause", "/resume", "/resubmit", "/uploads")


class LinkClient(httpx.Client):
    """Raises a JobtreeError for every response that is not a success."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        response = super().send(request, **options)
        if response.is_error:
            response.read()
            raise error_of(response)
        return response


class ApiClient(LinkClient):
    """Also raises one for a body that is not JSON: the address is not that of an API."""

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        response = super().send(request, **options)
        if response.content and "json" not in response.headers.get("content-type", ""):
            raise ServiceError(
                f"{self.base_url} did not respond with JSON: '{response.text[:100]}'; "
                "check that it is the address of an API",
                status=response.status_code,
                code="not-json",
            )
        response.json = partial(_exact_json, response)  # type: ignore[method-assign]
        return response


def _exact_json(response: httpx.Response, **options: Any) -> Any:
    """Parses numbers without losing digits: a number that a float cannot hold becomes a Decimal."""
    return json.loads(response.content, parse_float=_exact_float, **options)


def _exact_float(text: str) -> float | Decimal:
    value = float(text)
    if len(text) <= _SAFE_LENGTH and "e" not in text.lower():
        return value
    exact = Decimal(text)
    return value if Decimal(repr(value)) == exact else exact


class TokenAuth(httpx.Auth):
    """Uses the token until it is refused, and then a new one."""

    def __init__(self, token: Token) -> None:
        self._source = token
        self._token: str | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        used = self._current()
        request.headers["Authorization"] = f"Bearer {used}"
        response = yield request
        if response.status_code == 401 and callable(self._source):
            # Another thread may have renewed the token meanwhile.
            if self._token == used:
                self._token = None
            request.headers["Authorization"] = f"Bearer {self._current()}"
            yield request

    def _current(self) -> str:
        if self._token is None:
            self._token = self._source() if callable(self._source) else self._source
        return self._token


class RetryTransport(httpx.BaseTransport):
    """Repeats requests after a network failure, 429, 502, 503 or 504, with growing delays.

    With `reads_body`, a connection that breaks while the body arrives is repeated too.
    """

    def __init__(self, transport: httpx.BaseTransport, retries: int, *, reads_body: bool) -> None:
        self._transport = transport
        self._retries = retries
        self._reads_body = reads_body

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        repeatable = is_repeatable(request)
        uncertain = False
        for retry in range(self._retries + 1):
            delay = _delay_seconds(retry)
            is_last = retry == self._retries
            try:
                response = self._transport.handle_request(request)
                if self._reads_body:
                    response.read()
            except httpx.TransportError as error:
                if is_last or not repeatable:
                    raise _unreachable(request, error) from error
                uncertain = True
            else:
                status = response.status_code
                if uncertain and request.method == "DELETE" and status == 404:
                    # An earlier attempt, whose response was lost, deleted it.
                    response.close()
                    return httpx.Response(204, request=request)
                # A throttled request was not carried out, so that any method is safe to repeat.
                can_repeat = status in _TRANSIENT if repeatable else status == 429
                seconds = retry_after_seconds(response)
                if not can_repeat or is_last or (seconds or 0) > _MAX_RETRY_AFTER_SECONDS:
                    return response
                response.close()
                uncertain = uncertain or status != 429
                delay = delay if seconds is None else seconds + _delay_seconds(0)
            time.sleep(delay)
        raise AssertionError("the last attempt returns or raises")

    def close(self) -> None:
        self._transport.close()


def is_repeatable(request: httpx.Request) -> bool:
    """True if sending the request twice has the effect of sending it once."""
    if request.method == "POST":
        url = request.url
        return (
            "Idempotency-Key" in request.headers
            or url.path.endswith(_REPEATABLE_ACTIONS)
            or url.params.get("dryRun") == "true"
        )
    # After a lost response, the version is no longer the expected one.
    return request.method == "GET" or "If-Match" not in request.headers


def _delay_seconds(retry: int) -> float:
    """Doubles with each retry. Half of the delay is random, so that many clients do not retry together."""
    full: float = min(_MAX_DELAY_SECONDS, _FIRST_DELAY_SECONDS * 2**retry)
    return full / 2 + random.random() * full / 2


def _unreachable(request: httpx.Request, error: Exception) -> ServiceUnreachableError:
    origin = f"{request.url.scheme}://{request.url.netloc.decode()}"
    return ServiceUnreachableError(
        f"no response from {origin}: {error}; check the address and the network", code="unreachable"
    )

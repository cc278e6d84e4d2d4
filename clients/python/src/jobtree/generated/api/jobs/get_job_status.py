from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job_status import JobStatus, check_job_status
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    p: str,
    j: str,
    *,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(traceparent, Unset):
        headers["traceparent"] = traceparent

    if not isinstance(caf_correlation_id, Unset):
        headers["CAF-Correlation-Id"] = caf_correlation_id

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/partitions/{p}/jobs/{j}/status".format(
            p=quote(str(p), safe=""),
            j=quote(str(j), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> JobStatus | Problem | None:
    if response.status_code == 200:
        response_200 = check_job_status(response.json())

        return response_200

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 429:
        response_429 = Problem.from_dict(response.json())

        return response_429

    if response.status_code == 503:
        response_503 = Problem.from_dict(response.json())

        return response_503

    if client.raise_on_unexpected_status:
        raise errors.UnexpectedStatus(response.status_code, response.content)
    else:
        return None


def _build_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Response[JobStatus | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    p: str,
    j: str,
    *,
    client: AuthenticatedClient,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[JobStatus | Problem]:
    """Get only the status, as a JSON string

    Args:
        p (str):
        j (str):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[JobStatus | Problem]
    """

    kwargs = _get_kwargs(
        p=p,
        j=j,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    p: str,
    j: str,
    *,
    client: AuthenticatedClient,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> JobStatus | Problem | None:
    """Get only the status, as a JSON string

    Args:
        p (str):
        j (str):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        JobStatus | Problem
    """

    return sync_detailed(
        p=p,
        j=j,
        client=client,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    ).parsed


async def asyncio_detailed(
    p: str,
    j: str,
    *,
    client: AuthenticatedClient,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[JobStatus | Problem]:
    """Get only the status, as a JSON string

    Args:
        p (str):
        j (str):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[JobStatus | Problem]
    """

    kwargs = _get_kwargs(
        p=p,
        j=j,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    p: str,
    j: str,
    *,
    client: AuthenticatedClient,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> JobStatus | Problem | None:
    """Get only the status, as a JSON string

    Args:
        p (str):
        j (str):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        JobStatus | Problem
    """

    return (
        await asyncio_detailed(
            p=p,
            j=j,
            client=client,
            traceparent=traceparent,
            caf_correlation_id=caf_correlation_id,
        )
    ).parsed

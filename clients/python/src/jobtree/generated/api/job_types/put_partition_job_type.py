from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job_type import JobType
from ...models.job_type_request import JobTypeRequest
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    p: str,
    name: str,
    *,
    body: JobTypeRequest,
    if_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_match, Unset):
        headers["If-Match"] = if_match

    if not isinstance(traceparent, Unset):
        headers["traceparent"] = traceparent

    if not isinstance(caf_correlation_id, Unset):
        headers["CAF-Correlation-Id"] = caf_correlation_id

    _kwargs: dict[str, Any] = {
        "method": "put",
        "url": "/partitions/{p}/job-types/{name}".format(
            p=quote(str(p), safe=""),
            name=quote(str(name), safe=""),
        ),
    }

    _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> JobType | Problem | None:
    if response.status_code == 200:
        response_200 = JobType.from_dict(response.json())

        return response_200

    if response.status_code == 201:
        response_201 = JobType.from_dict(response.json())

        return response_201

    if response.status_code == 400:
        response_400 = Problem.from_dict(response.json())

        return response_400

    if response.status_code == 401:
        response_401 = Problem.from_dict(response.json())

        return response_401

    if response.status_code == 403:
        response_403 = Problem.from_dict(response.json())

        return response_403

    if response.status_code == 404:
        response_404 = Problem.from_dict(response.json())

        return response_404

    if response.status_code == 409:
        response_409 = Problem.from_dict(response.json())

        return response_409

    if response.status_code == 412:
        response_412 = Problem.from_dict(response.json())

        return response_412

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

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
) -> Response[JobType | Problem]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    p: str,
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobTypeRequest,
    if_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[JobType | Problem]:
    """Create or update a job type of the partition. An update creates a new version; an identical body
    changes nothing

    Args:
        p (str):
        name (str):
        if_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (JobTypeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[JobType | Problem]
    """

    kwargs = _get_kwargs(
        p=p,
        name=name,
        body=body,
        if_match=if_match,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    p: str,
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobTypeRequest,
    if_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> JobType | Problem | None:
    """Create or update a job type of the partition. An update creates a new version; an identical body
    changes nothing

    Args:
        p (str):
        name (str):
        if_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (JobTypeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        JobType | Problem
    """

    return sync_detailed(
        p=p,
        name=name,
        client=client,
        body=body,
        if_match=if_match,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    ).parsed


async def asyncio_detailed(
    p: str,
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobTypeRequest,
    if_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[JobType | Problem]:
    """Create or update a job type of the partition. An update creates a new version; an identical body
    changes nothing

    Args:
        p (str):
        name (str):
        if_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (JobTypeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[JobType | Problem]
    """

    kwargs = _get_kwargs(
        p=p,
        name=name,
        body=body,
        if_match=if_match,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    p: str,
    name: str,
    *,
    client: AuthenticatedClient,
    body: JobTypeRequest,
    if_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> JobType | Problem | None:
    """Create or update a job type of the partition. An update creates a new version; an identical body
    changes nothing

    Args:
        p (str):
        name (str):
        if_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (JobTypeRequest):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        JobType | Problem
    """

    return (
        await asyncio_detailed(
            p=p,
            name=name,
            client=client,
            body=body,
            if_match=if_match,
            traceparent=traceparent,
            caf_correlation_id=caf_correlation_id,
        )
    ).parsed

from http import HTTPStatus
from typing import Any, cast
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.problem import Problem
from ...models.template import Template
from ...types import UNSET, Response, Unset


def _get_kwargs(
    p: str,
    name: str,
    *,
    if_none_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(if_none_match, Unset):
        headers["If-None-Match"] = if_none_match

    if not isinstance(traceparent, Unset):
        headers["traceparent"] = traceparent

    if not isinstance(caf_correlation_id, Unset):
        headers["CAF-Correlation-Id"] = caf_correlation_id

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/partitions/{p}/templates/{name}".format(
            p=quote(str(p), safe=""),
            name=quote(str(name), safe=""),
        ),
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Any | Problem | Template | None:
    if response.status_code == 200:
        response_200 = Template.from_dict(response.json())

        return response_200

    if response.status_code == 304:
        response_304 = cast(Any, None)
        return response_304

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
) -> Response[Any | Problem | Template]:
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
    if_none_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[Any | Problem | Template]:
    """Get the template that jobs of the partition use: the partition's own, or else the global one

    Args:
        p (str):
        name (str):
        if_none_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Template]
    """

    kwargs = _get_kwargs(
        p=p,
        name=name,
        if_none_match=if_none_match,
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
    if_none_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Any | Problem | Template | None:
    """Get the template that jobs of the partition use: the partition's own, or else the global one

    Args:
        p (str):
        name (str):
        if_none_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Template
    """

    return sync_detailed(
        p=p,
        name=name,
        client=client,
        if_none_match=if_none_match,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    ).parsed


async def asyncio_detailed(
    p: str,
    name: str,
    *,
    client: AuthenticatedClient,
    if_none_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[Any | Problem | Template]:
    """Get the template that jobs of the partition use: the partition's own, or else the global one

    Args:
        p (str):
        name (str):
        if_none_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Any | Problem | Template]
    """

    kwargs = _get_kwargs(
        p=p,
        name=name,
        if_none_match=if_none_match,
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
    if_none_match: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Any | Problem | Template | None:
    """Get the template that jobs of the partition use: the partition's own, or else the global one

    Args:
        p (str):
        name (str):
        if_none_match (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Any | Problem | Template
    """

    return (
        await asyncio_detailed(
            p=p,
            name=name,
            client=client,
            if_none_match=if_none_match,
            traceparent=traceparent,
            caf_correlation_id=caf_correlation_id,
        )
    ).parsed

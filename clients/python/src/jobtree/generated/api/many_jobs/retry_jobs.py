from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.no_body import NoBody
from ...models.problem import Problem
from ...models.retry_jobs_response_200 import RetryJobsResponse200
from ...models.retry_jobs_response_202 import RetryJobsResponse202
from ...types import UNSET, Response, Unset


def _get_kwargs(
    p: str,
    *,
    body: NoBody | Unset = UNSET,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> dict[str, Any]:
    headers: dict[str, Any] = {}
    if not isinstance(traceparent, Unset):
        headers["traceparent"] = traceparent

    if not isinstance(caf_correlation_id, Unset):
        headers["CAF-Correlation-Id"] = caf_correlation_id

    params: dict[str, Any] = {}

    params["jobIdStartsWith"] = job_id_starts_with

    params["labelExist"] = label_exist

    params["filter"] = filter_

    params["includeHidden"] = include_hidden

    params["dryRun"] = dry_run

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "post",
        "url": "/partitions/{p}/jobs:retry".format(
            p=quote(str(p), safe=""),
        ),
        "params": params,
    }

    if not isinstance(body, Unset):
        _kwargs["json"] = body.to_dict()

    headers["Content-Type"] = "application/json"

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | RetryJobsResponse200 | RetryJobsResponse202 | None:
    if response.status_code == 200:
        response_200 = RetryJobsResponse200.from_dict(response.json())

        return response_200

    if response.status_code == 202:
        response_202 = RetryJobsResponse202.from_dict(response.json())

        return response_202

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

    if response.status_code == 413:
        response_413 = Problem.from_dict(response.json())

        return response_413

    if response.status_code == 422:
        response_422 = Problem.from_dict(response.json())

        return response_422

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
) -> Response[Problem | RetryJobsResponse200 | RetryJobsResponse202]:
    return Response(
        status_code=HTTPStatus(response.status_code),
        content=response.content,
        headers=response.headers,
        parsed=_parse_response(client=client, response=response),
    )


def sync_detailed(
    p: str,
    *,
    client: AuthenticatedClient,
    body: NoBody | Unset = UNSET,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[Problem | RetryJobsResponse200 | RetryJobsResponse202]:
    """Retry all failed items of every job that matches and can be retried; without criteria, all of the
    partition

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        dry_run (bool | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (NoBody | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RetryJobsResponse200 | RetryJobsResponse202]
    """

    kwargs = _get_kwargs(
        p=p,
        body=body,
        job_id_starts_with=job_id_starts_with,
        label_exist=label_exist,
        filter_=filter_,
        include_hidden=include_hidden,
        dry_run=dry_run,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = client.get_httpx_client().request(
        **kwargs,
    )

    return _build_response(client=client, response=response)


def sync(
    p: str,
    *,
    client: AuthenticatedClient,
    body: NoBody | Unset = UNSET,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Problem | RetryJobsResponse200 | RetryJobsResponse202 | None:
    """Retry all failed items of every job that matches and can be retried; without criteria, all of the
    partition

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        dry_run (bool | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (NoBody | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RetryJobsResponse200 | RetryJobsResponse202
    """

    return sync_detailed(
        p=p,
        client=client,
        body=body,
        job_id_starts_with=job_id_starts_with,
        label_exist=label_exist,
        filter_=filter_,
        include_hidden=include_hidden,
        dry_run=dry_run,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    ).parsed


async def asyncio_detailed(
    p: str,
    *,
    client: AuthenticatedClient,
    body: NoBody | Unset = UNSET,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[Problem | RetryJobsResponse200 | RetryJobsResponse202]:
    """Retry all failed items of every job that matches and can be retried; without criteria, all of the
    partition

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        dry_run (bool | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (NoBody | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | RetryJobsResponse200 | RetryJobsResponse202]
    """

    kwargs = _get_kwargs(
        p=p,
        body=body,
        job_id_starts_with=job_id_starts_with,
        label_exist=label_exist,
        filter_=filter_,
        include_hidden=include_hidden,
        dry_run=dry_run,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    p: str,
    *,
    client: AuthenticatedClient,
    body: NoBody | Unset = UNSET,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    dry_run: bool | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Problem | RetryJobsResponse200 | RetryJobsResponse202 | None:
    """Retry all failed items of every job that matches and can be retried; without criteria, all of the
    partition

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        dry_run (bool | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):
        body (NoBody | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | RetryJobsResponse200 | RetryJobsResponse202
    """

    return (
        await asyncio_detailed(
            p=p,
            client=client,
            body=body,
            job_id_starts_with=job_id_starts_with,
            label_exist=label_exist,
            filter_=filter_,
            include_hidden=include_hidden,
            dry_run=dry_run,
            traceparent=traceparent,
            caf_correlation_id=caf_correlation_id,
        )
    ).parsed

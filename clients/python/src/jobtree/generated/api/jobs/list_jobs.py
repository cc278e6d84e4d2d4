from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from ... import errors
from ...client import AuthenticatedClient, Client
from ...models.job import Job
from ...models.list_jobs_status_item import (
    ListJobsStatusItem,
)
from ...models.list_jobs_status_type import (
    ListJobsStatusType,
)
from ...models.problem import Problem
from ...types import UNSET, Response, Unset


def _get_kwargs(
    p: str,
    *,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    status_type: ListJobsStatusType | Unset = "All",
    status: list[ListJobsStatusItem] | Unset = UNSET,
    sort: str | Unset = "createTime:desc",
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
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

    json_status_type: str | Unset = UNSET
    if not isinstance(status_type, Unset):
        json_status_type = status_type

    params["statusType"] = json_status_type

    json_status: list[str] | Unset = UNSET
    if not isinstance(status, Unset):
        json_status = []
        for status_item_data in status:
            status_item: str = status_item_data
            json_status.append(status_item)

    params["status"] = json_status

    params["sort"] = sort

    params["limit"] = limit

    params["offset"] = offset

    params["cursor"] = cursor

    params = {k: v for k, v in params.items() if v is not UNSET and v is not None}

    _kwargs: dict[str, Any] = {
        "method": "get",
        "url": "/partitions/{p}/jobs".format(
            p=quote(str(p), safe=""),
        ),
        "params": params,
    }

    _kwargs["headers"] = headers
    return _kwargs


def _parse_response(
    *, client: AuthenticatedClient | Client, response: httpx.Response
) -> Problem | list[Job] | None:
    if response.status_code == 200:
        response_200 = []
        _response_200 = response.json()
        for response_200_item_data in _response_200:
            response_200_item = Job.from_dict(response_200_item_data)

            response_200.append(response_200_item)

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
) -> Response[Problem | list[Job]]:
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
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    status_type: ListJobsStatusType | Unset = "All",
    status: list[ListJobsStatusItem] | Unset = UNSET,
    sort: str | Unset = "createTime:desc",
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[Problem | list[Job]]:
    """List the jobs of a partition, newest first

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        status_type (ListJobsStatusType | Unset):  Default: 'All'.
        status (list[ListJobsStatusItem] | Unset):
        sort (str | Unset):  Default: 'createTime:desc'.
        limit (int | Unset):
        offset (int | Unset):
        cursor (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[Job]]
    """

    kwargs = _get_kwargs(
        p=p,
        job_id_starts_with=job_id_starts_with,
        label_exist=label_exist,
        filter_=filter_,
        include_hidden=include_hidden,
        status_type=status_type,
        status=status,
        sort=sort,
        limit=limit,
        offset=offset,
        cursor=cursor,
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
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    status_type: ListJobsStatusType | Unset = "All",
    status: list[ListJobsStatusItem] | Unset = UNSET,
    sort: str | Unset = "createTime:desc",
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Problem | list[Job] | None:
    """List the jobs of a partition, newest first

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        status_type (ListJobsStatusType | Unset):  Default: 'All'.
        status (list[ListJobsStatusItem] | Unset):
        sort (str | Unset):  Default: 'createTime:desc'.
        limit (int | Unset):
        offset (int | Unset):
        cursor (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[Job]
    """

    return sync_detailed(
        p=p,
        client=client,
        job_id_starts_with=job_id_starts_with,
        label_exist=label_exist,
        filter_=filter_,
        include_hidden=include_hidden,
        status_type=status_type,
        status=status,
        sort=sort,
        limit=limit,
        offset=offset,
        cursor=cursor,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    ).parsed


async def asyncio_detailed(
    p: str,
    *,
    client: AuthenticatedClient,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    status_type: ListJobsStatusType | Unset = "All",
    status: list[ListJobsStatusItem] | Unset = UNSET,
    sort: str | Unset = "createTime:desc",
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Response[Problem | list[Job]]:
    """List the jobs of a partition, newest first

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        status_type (ListJobsStatusType | Unset):  Default: 'All'.
        status (list[ListJobsStatusItem] | Unset):
        sort (str | Unset):  Default: 'createTime:desc'.
        limit (int | Unset):
        offset (int | Unset):
        cursor (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Response[Problem | list[Job]]
    """

    kwargs = _get_kwargs(
        p=p,
        job_id_starts_with=job_id_starts_with,
        label_exist=label_exist,
        filter_=filter_,
        include_hidden=include_hidden,
        status_type=status_type,
        status=status,
        sort=sort,
        limit=limit,
        offset=offset,
        cursor=cursor,
        traceparent=traceparent,
        caf_correlation_id=caf_correlation_id,
    )

    response = await client.get_async_httpx_client().request(**kwargs)

    return _build_response(client=client, response=response)


async def asyncio(
    p: str,
    *,
    client: AuthenticatedClient,
    job_id_starts_with: str | Unset = UNSET,
    label_exist: str | Unset = UNSET,
    filter_: str | Unset = UNSET,
    include_hidden: bool | Unset = UNSET,
    status_type: ListJobsStatusType | Unset = "All",
    status: list[ListJobsStatusItem] | Unset = UNSET,
    sort: str | Unset = "createTime:desc",
    limit: int | Unset = UNSET,
    offset: int | Unset = UNSET,
    cursor: str | Unset = UNSET,
    traceparent: str | Unset = UNSET,
    caf_correlation_id: str | Unset = UNSET,
) -> Problem | list[Job] | None:
    """List the jobs of a partition, newest first

    Args:
        p (str):
        job_id_starts_with (str | Unset):
        label_exist (str | Unset):
        filter_ (str | Unset):
        include_hidden (bool | Unset):
        status_type (ListJobsStatusType | Unset):  Default: 'All'.
        status (list[ListJobsStatusItem] | Unset):
        sort (str | Unset):  Default: 'createTime:desc'.
        limit (int | Unset):
        offset (int | Unset):
        cursor (str | Unset):
        traceparent (str | Unset):
        caf_correlation_id (str | Unset):

    Raises:
        errors.UnexpectedStatus: If the server returns an undocumented status code and Client.raise_on_unexpected_status is True.
        httpx.TimeoutException: If the request takes longer than Client.timeout.

    Returns:
        Problem | list[Job]
    """

    return (
        await asyncio_detailed(
            p=p,
            client=client,
            job_id_starts_with=job_id_starts_with,
            label_exist=label_exist,
            filter_=filter_,
            include_hidden=include_hidden,
            status_type=status_type,
            status=status,
            sort=sort,
            limit=limit,
            offset=offset,
            cursor=cursor,
            traceparent=traceparent,
            caf_correlation_id=caf_correlation_id,
        )
    ).parsed

"""The entry of the client: one service, and one partition of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import httpx

from .bulk import BulkOperationHandle, BulkResult, act_on_jobs
from .criteria import BulkCriteria, JobQuery, query
from .documents import Documents
from .generated.api.job_types import (
    delete_job_type,
    delete_partition_job_type,
    get_job_type,
    get_partition_job_type,
    list_job_type_versions,
    list_job_types,
    list_partition_job_type_versions,
    list_partition_job_types,
    put_job_type,
    put_partition_job_type,
)
from .generated.api.jobs import create_job, list_jobs, put_job
from .generated.api.many_jobs import count_jobs, get_activity, get_job_stats
from .generated.api.partitions import get_partition, put_partition
from .generated.api.templates import (
    delete_partition_template,
    delete_template,
    get_partition_template,
    get_template,
    list_partition_template_versions,
    list_partition_templates,
    list_template_versions,
    list_templates,
    put_partition_template,
    put_template,
)
from .generated.api.uploads import create_upload, delete_upload, list_uploads
from .generated.client import AuthenticatedClient
from .generated.models import (
    Activity,
    ItemPart,
    Job,
    JobStats,
    JobType,
    JobTypeRequest,
    JobTypeSummary,
    Partition,
    PartitionRequest,
    ResultPart,
    StoredUpload,
    Template,
    TemplateRequest,
    TemplateSummary,
    UploadRequest,
)
from .generated.models import Upload as UploadTicket
from .generated.types import UNSET
from .ids import checked
from .job import JobHandle
from .paging import entries
from .raw import raw
from .service import Service
from .transport import TIMEOUT_SECONDS, ApiClient, LinkClient, RetryTransport, Token, TokenAuth
from .uploads import Upload, UploadSource, content_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

_TEMPLATES = {
    "list": list_templates,
    "get": get_template,
    "put": put_template,
    "delete": delete_template,
    "versions": list_template_versions,
}
_PARTITION_TEMPLATES = {
    "list": list_partition_templates,
    "get": get_partition_template,
    "put": put_partition_template,
    "delete": delete_partition_template,
    "versions": list_partition_template_versions,
}
_JOB_TYPES = {
    "list": list_job_types,
    "get": get_job_type,
    "put": put_job_type,
    "delete": delete_job_type,
    "versions": list_job_type_versions,
}
_PARTITION_JOB_TYPES = {
    "list": list_partition_job_types,
    "get": get_partition_job_type,
    "put": put_partition_job_type,
    "delete": delete_partition_job_type,
    "versions": list_partition_job_type_versions,
}


class Jobtree(Service):
    """A service. `url` is its address up to and including the stage."""

    def __init__(
        self,
        url: str,
        token: Token,
        partition: str | None = None,
        *,
        retries: int = 4,
        timeout: float = TIMEOUT_SECONDS,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if httpx.URL(url).scheme not in ("http", "https"):
            raise ValueError(f"not the address of a service: '{url}'; use one such as https://example.com/v1")
        base = url.rstrip("/")
        network = transport or httpx.HTTPTransport()
        patient = RetryTransport(network, retries, reads_body=True)
        api = ApiClient(base_url=base, auth=TokenAuth(token), transport=patient, timeout=timeout)
        self._partition = partition
        # ApiClient adds the token, because it can renew one.
        self._client = AuthenticatedClient(base_url=base, token="").set_httpx_client(api)
        self._links = LinkClient(
            transport=RetryTransport(network, retries, reads_body=False), timeout=timeout
        )

    def partition(self, partition: str) -> Jobtree:
        """Returns the same client for another partition."""
        other = object.__new__(type(self))
        other._partition = partition
        other._client = self._client
        other._links = self._links
        return other

    @property
    def partition_id(self) -> str:
        if self._partition is None:
            raise ValueError(
                "no partition is selected; pass one to Jobtree(…), or call partition('<id>') first"
            )
        return self._partition

    @property
    def _scope(self) -> dict[str, Any]:
        return {"p": self.partition_id, "client": self._client}

    def close(self) -> None:
        """Closes the connections, also those of the same client for other partitions."""
        self._client.get_httpx_client().close()
        self._links.close()

    def __enter__(self) -> Jobtree:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def create_job(
        self, request: Mapping[str, Any], *, id: str | None = None, idempotency_key: str | None = None
    ) -> JobHandle:
        """Creates a job. With `id`, the same request again finds the same job."""
        if id is None:
            key = idempotency_key or str(uuid4())
            created = create_job.sync(**self._scope, body=dict(request), idempotency_key=key)
            return self.job(cast(Job, created).id)
        put_job.sync_detailed(**self._scope, j=checked(id), body=dict(request))
        return self.job(id)

    def job(self, id: str) -> JobHandle:
        """A handle of a job. It sends no request."""
        return JobHandle(self._client, self.partition_id, id)

    def jobs(
        self,
        *,
        sort: str | None = None,
        offset: int | None = None,
        limit: int | None = None,
        **selection: Unpack[JobQuery],
    ) -> Iterator[Job]:
        """Yields jobs that match, newest first, at most `limit`."""
        return entries(
            list_jobs.sync_detailed,
            Job,
            limit,
            **self._scope,
            **query(selection),
            sort=sort or UNSET,
            offset=UNSET if offset is None else offset,
        )

    def count_jobs(self, **selection: Unpack[JobQuery]) -> int:
        return cast(int, count_jobs.sync(**self._scope, **query(selection)))

    def job_stats(self, **selection: Unpack[JobQuery]) -> JobStats:
        return cast(JobStats, get_job_stats.sync(**self._scope, **query(selection)))

    def activity(self, *, hours: int | None = None) -> Activity:
        return cast(Activity, get_activity.sync(**self._scope, hours=UNSET if hours is None else hours))

    def cancel_jobs(self, **selection: Unpack[BulkCriteria]) -> BulkResult:
        """Cancels every job that matches."""
        return act_on_jobs(self._client, self.partition_id, "cancel", selection)

    def delete_jobs(self, **selection: Unpack[BulkCriteria]) -> BulkResult:
        return act_on_jobs(self._client, self.partition_id, "delete", selection)

    def pause_jobs(self, **selection: Unpack[BulkCriteria]) -> BulkResult:
        return act_on_jobs(self._client, self.partition_id, "pause", selection)

    def resume_jobs(self, **selection: Unpack[BulkCriteria]) -> BulkResult:
        return act_on_jobs(self._client, self.partition_id, "resume", selection)

    def retry_jobs(self, **selection: Unpack[BulkCriteria]) -> BulkResult:
        """Retries all failed items of every job that matches."""
        return act_on_jobs(self._client, self.partition_id, "retry", selection)

    def bulk_operation(self, id: str) -> BulkOperationHandle:
        return BulkOperationHandle(self._client, self.partition_id, id)

    def upload(
        self, source: UploadSource, *, filename: str | None = None, content_type: str | None = None
    ) -> Upload:
        """Uploads a file, by its path, as bytes or as an open binary file."""
        content = content_of(source)
        body = UploadRequest(
            size_bytes=content.size_bytes,
            filename=filename or content.filename or UNSET,
            content_type=content_type or UNSET,
        )
        ticket = cast(UploadTicket, create_upload.sync(**self._scope, body=body))
        self._links.request(ticket.method, ticket.url, headers=ticket.headers.to_dict(), content=content)
        return Upload(ticket.id)

    def uploads(self, limit: int | None = None) -> Iterator[StoredUpload]:
        return entries(list_uploads.sync_detailed, StoredUpload, limit, **self._scope)

    def delete_upload(self, upload_id: str) -> None:
        delete_upload.sync_detailed(u=upload_id, **self._scope)

    def download(self, part: ResultPart | ItemPart, path: str | PathLike[str] | None = None) -> bytes:
        """Returns the bytes of a result. With `path`, writes them to that file, and returns nothing."""
        if not part.url:
            reason = f": {part.note}" if part.note else ""
            raise ValueError(f"{part.filename} has no link{reason}")
        if path is None:
            return self._links.get(part.url).content
        with self._links.stream("GET", part.url) as response, Path(path).open("wb") as file:
            for chunk in response.iter_bytes():
                file.write(chunk)
        return b""

    @property
    def templates(self) -> Documents[Template, TemplateSummary]:
        """Templates that jobs of the partition can name. Changes affect those of the partition."""
        return Documents(self._client, self.partition_id, Template, TemplateRequest, _PARTITION_TEMPLATES)

    @property
    def global_templates(self) -> Documents[Template, TemplateSummary]:
        return Documents(self._client, None, Template, TemplateRequest, _TEMPLATES)

    @property
    def job_types(self) -> Documents[JobType, JobTypeSummary]:
        """Job types that jobs of the partition can name. Changes affect those of the partition."""
        return Documents(self._client, self.partition_id, JobType, JobTypeRequest, _PARTITION_JOB_TYPES)

    @property
    def global_job_types(self) -> Documents[JobType, JobTypeSummary]:
        return Documents(self._client, None, JobType, JobTypeRequest, _JOB_TYPES)

    def settings(self) -> Partition:
        return cast(Partition, get_partition.sync(**self._scope))

    def put_settings(self, settings: Mapping[str, Any], *, if_match: str | None = None) -> Partition:
        """Replaces the settings of the partition. Absent members get their defaults."""
        put = put_partition.sync(
            **self._scope,
            body=raw(PartitionRequest, settings),
            if_match=UNSET if if_match is None else if_match,
        )
        return cast(Partition, put)

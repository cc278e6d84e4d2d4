"""One job of a partition: its views, its lists and its actions."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast
from uuid import uuid4

from .generated.api.job_details import (
    get_cost,
    get_item,
    get_request,
    get_result,
    list_failures,
    list_history,
    list_items,
    list_tasks,
)
from .generated.api.jobs import (
    cancel_job,
    delete_job,
    edit_job,
    get_job,
    get_job_status,
    pause_job,
    resubmit_job,
    resume_job,
    retry_job,
)
from .generated.client import AuthenticatedClient
from .generated.models import (
    Cost,
    Failure,
    FailureGroup,
    HistoryEntry,
    Item,
    ItemDetail,
    Job,
    JobPatch,
    ResubmitRequest,
    ResultPart,
    RetryRequest,
    Task,
)
from .generated.types import UNSET
from .ids import checked
from .paging import entries
from .raw import raw
from .watching import MAX_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS, until_final, watch

FINAL_STATUSES = frozenset(["Completed", "Failed", "Cancelled", "Expired"])


class JobHandle:
    """A job by its id. Creating a handle sends no request."""

    def __init__(self, client: AuthenticatedClient, partition: str, id: str) -> None:
        self._client = client
        self.partition = partition
        self.id = checked(id)

    def __repr__(self) -> str:
        return f"JobHandle(partition={self.partition!r}, id={self.id!r})"

    @property
    def _key(self) -> dict[str, Any]:
        return {"p": self.partition, "j": self.id, "client": self._client}

    def get(self) -> Job:
        return cast(Job, get_job.sync(**self._key))

    def get_changed(self, etag: str | None = None) -> tuple[Job, str | None] | None:
        """Returns the job and its ETag, or None if the job still has the given ETag."""
        response = get_job.sync_detailed(**self._key, if_none_match=UNSET if etag is None else etag)
        if response.status_code == 304:
            return None
        return cast(Job, response.parsed), response.headers.get("etag")

    def watch(
        self,
        *,
        min_interval: float = MIN_INTERVAL_SECONDS,
        max_interval: float = MAX_INTERVAL_SECONDS,
        timeout: float | None = None,
    ) -> Iterator[Job]:
        """Yields the job now and after each change, until it is final. All times are in seconds."""
        deadline = None if timeout is None else time.monotonic() + timeout
        return watch(
            self.get_changed, lambda job: job.status in FINAL_STATUSES, min_interval, max_interval, deadline
        )

    def done(
        self,
        *,
        timeout: float | None = None,
        min_interval: float = MIN_INTERVAL_SECONDS,
        max_interval: float = MAX_INTERVAL_SECONDS,
    ) -> Job:
        """Returns the job when it is final, in any final status. Raises WaitTimeoutError after `timeout`."""
        return until_final(self.watch(min_interval=min_interval, max_interval=max_interval, timeout=timeout))

    def status(self) -> str:
        return cast(str, get_job_status.sync(**self._key))

    def request(self) -> dict[str, Any]:
        """The body that created the job."""
        return cast("dict[str, Any]", get_request.sync(**self._key))

    def cost(self) -> Cost:
        return cast(Cost, get_cost.sync(**self._key))

    def items(
        self, *, outcome: str | None = None, parts: str | None = None, limit: int | None = None
    ) -> Iterator[Item]:
        selection = {"outcome": outcome or UNSET, "parts": parts or UNSET}
        return entries(list_items.sync_detailed, Item, limit, **self._key, **selection)

    def item(self, id: str) -> ItemDetail:
        """One item with its attempts, payload and files. The service may need several requests to find it."""
        found = cast(ItemDetail, get_item.sync(**self._key, i=checked(id)))
        while found.cursor:
            found = cast(ItemDetail, get_item.sync(**self._key, i=id, cursor=found.cursor))
        return found

    def failures(self, *, limit: int | None = None) -> Iterator[Failure]:
        return entries(list_failures.sync_detailed, Failure, limit, **self._key)

    def failure_groups(self, *, limit: int | None = None) -> Iterator[FailureGroup]:
        """Groups of similar failures, the largest first."""
        return entries(list_failures.sync_detailed, FailureGroup, limit, **self._key, group_by="fingerprint")

    def results(self, *, limit: int | None = None) -> Iterator[ResultPart]:
        return entries(get_result.sync_detailed, ResultPart, limit, **self._key)

    def tasks(self, *, parent: str | None = None, limit: int | None = None) -> Iterator[Task]:
        """One level of the tree of the job: the children of the task `parent`, or of the job."""
        return entries(list_tasks.sync_detailed, Task, limit, **self._key, parent=parent or UNSET)

    def history(self, *, limit: int | None = None) -> Iterator[HistoryEntry]:
        return entries(list_history.sync_detailed, HistoryEntry, limit, **self._key)

    def cancel(self) -> None:
        cancel_job.sync_detailed(**self._key)

    def pause(self) -> None:
        pause_job.sync_detailed(**self._key)

    def resume(self) -> None:
        resume_job.sync_detailed(**self._key)

    def retry(
        self,
        *,
        codes: Iterable[str] | None = None,
        item_ids: Iterable[str] | None = None,
        patch: Mapping[str, Any] | None = None,
        restart_dependents: bool = False,
        if_version: int | None = None,
    ) -> int:
        """Runs failed items again: all, or those that match. Returns the number of retried items.

        A job that failed because of a prerequisite starts again, and returns 0. With `restart_dependents`,
        the jobs that failed because of this one start again too.
        """
        filter_ = {
            **({} if codes is None else {"codes": list(codes)}),
            **({} if item_ids is None else {"itemIds": list(item_ids)}),
        }
        body = {
            "filter": filter_,
            **({} if patch is None else {"patch": patch}),
            **({"restartDependents": True} if restart_dependents else {}),
        }
        retried = retry_job.sync(**self._key, body=raw(RetryRequest, body), if_match=_if_match(if_version))
        return cast(Any, retried).items_retried  # type: ignore[no-any-return]

    def resubmit(self, *, id: str | None = None, idempotency_key: str | None = None) -> JobHandle:
        """Creates a new job with the request of this one, which must be final."""
        if id is None:
            key = idempotency_key or str(uuid4())
            created = resubmit_job.sync(**self._key, body=ResubmitRequest(), idempotency_key=key)
            id = cast(Job, created).id
        else:
            resubmit_job.sync_detailed(**self._key, body=ResubmitRequest(id=id))
        return JobHandle(self._client, self.partition, id)

    def edit(self, patch: Mapping[str, Any], *, if_version: int | None = None) -> Job:
        """Applies a JSON merge patch, with the names of the API. Returns the changed job."""
        edited = edit_job.sync(**self._key, body=raw(JobPatch, patch), if_match=_if_match(if_version))
        return cast(Job, edited)

    def delete(self, *, if_version: int | None = None) -> None:
        delete_job.sync_detailed(**self._key, if_match=_if_match(if_version))


def _if_match(version: int | None) -> Any:
    return UNSET if version is None else f'"{version}"'

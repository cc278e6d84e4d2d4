"""Actions on every job that matches, and the bulk operation that continues in the background."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from .criteria import BulkCriteria, criteria
from .generated.api.many_jobs import (
    cancel_jobs,
    delete_jobs,
    get_bulk_operation,
    pause_jobs,
    resume_jobs,
    retry_jobs,
)
from .generated.client import AuthenticatedClient
from .generated.models import BulkOperation
from .generated.types import UNSET
from .watching import MAX_INTERVAL_SECONDS, MIN_INTERVAL_SECONDS, until_final, watch

_ACTIONS: dict[str, tuple[Any, str]] = {
    "cancel": (cancel_jobs, "jobs_canceled"),
    "delete": (delete_jobs, "jobs_deleted"),
    "pause": (pause_jobs, "jobs_paused"),
    "resume": (resume_jobs, "jobs_resumed"),
    "retry": (retry_jobs, "jobs_retried"),
}


@dataclass(frozen=True)
class BulkResult:
    """`jobs` is the number of jobs changed so far, or of jobs that would change."""

    jobs: int
    is_dry_run: bool
    operation: BulkOperationHandle | None = None
    """The operation that changes the other jobs; None if all are changed."""


class BulkOperationHandle:
    def __init__(self, client: AuthenticatedClient, partition: str, id: str) -> None:
        self._client = client
        self.partition = partition
        self.id = id

    def get(self) -> BulkOperation:
        operation = get_bulk_operation.sync(p=self.partition, b=self.id, client=self._client)
        return cast(BulkOperation, operation)

    def watch(
        self,
        *,
        min_interval: float = MIN_INTERVAL_SECONDS,
        max_interval: float = MAX_INTERVAL_SECONDS,
        timeout: float | None = None,
    ) -> Iterator[BulkOperation]:
        deadline = None if timeout is None else time.monotonic() + timeout
        return watch(
            lambda _: (self.get(), None),
            lambda operation: operation.status == "Completed",
            min_interval,
            max_interval,
            deadline,
        )

    def done(self, *, timeout: float | None = None) -> BulkOperation:
        return until_final(self.watch(timeout=timeout))


def jobs_changed(operation: BulkOperation) -> int:
    """Returns the number of jobs that the operation has changed so far."""
    _, count = _ACTIONS[operation.verb]
    return getattr(operation, count) or 0


def act_on_jobs(
    client: AuthenticatedClient, partition: str, verb: str, selection: BulkCriteria
) -> BulkResult:
    function, count = _ACTIONS[verb]
    parameters = criteria(selection)
    is_empty = not any(value for name, value in parameters.items() if name != "include_hidden")
    is_all = selection.get("all", False)
    if is_empty and not is_all:
        raise ValueError(
            f"{verb}_jobs without criteria would {verb} every job of partition '{partition}'; "
            "pass all=True for that"
        )
    if is_all and not is_empty:
        raise ValueError("all=True cannot be combined with other criteria; remove one of them")
    dry_run = True if selection.get("dry_run") else UNSET
    result = function.sync(p=partition, client=client, **parameters, dry_run=dry_run)
    operation = getattr(result, "bulk_operation", UNSET)
    return BulkResult(
        jobs=getattr(result, count),
        is_dry_run=bool(getattr(result, "dry_run", False)),
        operation=BulkOperationHandle(client, partition, operation.id) if operation else None,
    )

"""Follows a resource until it is final, by polling with its ETag."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from .errors import WaitTimeoutError

MIN_INTERVAL_SECONDS = 0.5
MAX_INTERVAL_SECONDS = 5.0
_GROWTH = 1.5


class _Comparable(Protocol):
    def __eq__(self, other: object, /) -> bool: ...


T = TypeVar("T", bound=_Comparable)


def watch(
    read: Callable[[str | None], tuple[T, str | None] | None],
    is_final: Callable[[T], bool],
    min_interval: float,
    max_interval: float,
    deadline: float | None = None,
) -> Iterator[T]:
    """Yields the resource now and after each change. `read` returns None if the ETag is current."""
    etag: str | None = None
    shown: T | None = None
    interval = min_interval
    while True:
        changed = read(etag)
        # Resources without an ETag are compared as a whole.
        if changed is None or changed[0] == shown:
            interval = min(max_interval, interval * _GROWTH)
        else:
            shown, etag = changed
            yield shown
            if is_final(shown):
                return
            interval = min_interval
        left = interval if deadline is None else deadline - time.monotonic()
        if left <= 0:
            raise WaitTimeoutError("it is not final within the timeout; it continues", code="wait-timeout")
        time.sleep(min(interval, left))


def until_final(views: Iterator[T]) -> T:
    """Returns the last view."""
    last: T | None = None
    for view in views:
        last = view
    # The iterator ends only after a final state.
    assert last is not None
    return last

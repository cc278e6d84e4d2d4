from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.task_kind import TaskKind, check_task_kind
from ..models.task_state import TaskState, check_task_state
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.task_items import TaskItems


T = TypeVar("T", bound="Task")


@_attrs_define
class Task:
    """A step, a batch or a chunk of a job."""

    path: str
    """ Position in the tree: `3.17` is the eighteenth child of the fourth child of the job. """
    kind: TaskKind
    """ `task`: a batch or a chunk that has not started. """
    state: TaskState
    """ `sent`: sent to its queue; a chunk may have started already. `splitting`: more children may be found.
    `working`: in progress; for a batch, all children are found. `retrying`: an attempt failed, and the next one
    follows. `complete`: all items are recorded. """
    step: str | Unset = UNSET
    """ Name of the step, for a step. """
    outcome: str | Unset = UNSET
    """ Outcome of a complete step. """
    children: int | Unset = UNSET
    """ Number of children found so far, for a step or batch. """
    items: TaskItems | Unset = UNSET
    """ Outcomes of its items once it is complete or, for a step, so far. """
    attempt: int | Unset = UNSET
    """ Number of attempts so far, while work is being retried. """
    last_error: str | Unset = UNSET
    """ Error of the last attempt. """
    next_attempt_at: int | Unset = UNSET
    """ Earliest time of the next attempt, in milliseconds since 1970. """
    since: int | Unset = UNSET
    """ Time of the first failed attempt, in milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        kind: str = self.kind

        state: str = self.state

        step = self.step

        outcome = self.outcome

        children = self.children

        items: dict[str, Any] | Unset = UNSET
        if not isinstance(self.items, Unset):
            items = self.items.to_dict()

        attempt = self.attempt

        last_error = self.last_error

        next_attempt_at = self.next_attempt_at

        since = self.since

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "kind": kind,
                "state": state,
            }
        )
        if step is not UNSET:
            field_dict["step"] = step
        if outcome is not UNSET:
            field_dict["outcome"] = outcome
        if children is not UNSET:
            field_dict["children"] = children
        if items is not UNSET:
            field_dict["items"] = items
        if attempt is not UNSET:
            field_dict["attempt"] = attempt
        if last_error is not UNSET:
            field_dict["lastError"] = last_error
        if next_attempt_at is not UNSET:
            field_dict["nextAttemptAt"] = next_attempt_at
        if since is not UNSET:
            field_dict["since"] = since

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.task_items import TaskItems

        d = dict(src_dict)
        path = d.pop("path")

        kind = check_task_kind(d.pop("kind"))

        state = check_task_state(d.pop("state"))

        step = d.pop("step", UNSET)

        outcome = d.pop("outcome", UNSET)

        children = d.pop("children", UNSET)

        _items = d.pop("items", UNSET)
        items: TaskItems | Unset
        if isinstance(_items, Unset):
            items = UNSET
        else:
            items = TaskItems.from_dict(_items)

        attempt = d.pop("attempt", UNSET)

        last_error = d.pop("lastError", UNSET)

        next_attempt_at = d.pop("nextAttemptAt", UNSET)

        since = d.pop("since", UNSET)

        task = cls(
            path=path,
            kind=kind,
            state=state,
            step=step,
            outcome=outcome,
            children=children,
            items=items,
            attempt=attempt,
            last_error=last_error,
            next_attempt_at=next_attempt_at,
            since=since,
        )

        return task

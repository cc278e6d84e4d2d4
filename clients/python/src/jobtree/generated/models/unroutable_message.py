from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="UnroutableMessage")


@_attrs_define
class UnroutableMessage:
    """A message that no handler accepted."""

    id: str
    time: int
    """ Time at which it became unroutable, in milliseconds since 1970. """
    reason: str
    """ The reason why no handler accepted it. """
    body: str
    """ The message, up to 4096 bytes. """
    size_bytes: int
    """ Size of the whole message. """
    queue: str | Unset = UNSET
    """ The queue that it came from. Absent if it cannot be sent again. """
    kind: str | Unset = UNSET
    partition: str | Unset = UNSET
    job: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        time = self.time

        reason = self.reason

        body = self.body

        size_bytes = self.size_bytes

        queue = self.queue

        kind = self.kind

        partition = self.partition

        job = self.job

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "time": time,
                "reason": reason,
                "body": body,
                "sizeBytes": size_bytes,
            }
        )
        if queue is not UNSET:
            field_dict["queue"] = queue
        if kind is not UNSET:
            field_dict["kind"] = kind
        if partition is not UNSET:
            field_dict["partition"] = partition
        if job is not UNSET:
            field_dict["job"] = job

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        time = d.pop("time")

        reason = d.pop("reason")

        body = d.pop("body")

        size_bytes = d.pop("sizeBytes")

        queue = d.pop("queue", UNSET)

        kind = d.pop("kind", UNSET)

        partition = d.pop("partition", UNSET)

        job = d.pop("job", UNSET)

        unroutable_message = cls(
            id=id,
            time=time,
            reason=reason,
            body=body,
            size_bytes=size_bytes,
            queue=queue,
            kind=kind,
            partition=partition,
            job=job,
        )

        return unroutable_message

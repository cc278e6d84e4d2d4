from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Queue")


@_attrs_define
class Queue:
    """Approximate numbers of messages of all partitions, up to 10 seconds old."""

    name: str
    """ split, reports, results, unroutable, undispatched, or worker:<name> for each worker. """
    waiting: int
    """ Messages that can be received now. """
    in_flight: int
    """ Messages that were received and not yet deleted. """
    delayed: int
    """ Messages that become visible later, such as retried chunks. """
    worker: str | Unset = UNSET
    """ The worker that receives from the queue. """
    oldest_seconds: int | Unset = UNSET
    """ Age of its oldest message in seconds, from CloudWatch, up to some minutes old. Absent if CloudWatch has no
    recent value, as on an emulator. """
    dead_letters: int | Unset = UNSET
    """ Messages of its dead-letter queue, if it has one. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        waiting = self.waiting

        in_flight = self.in_flight

        delayed = self.delayed

        worker = self.worker

        oldest_seconds = self.oldest_seconds

        dead_letters = self.dead_letters

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "waiting": waiting,
                "inFlight": in_flight,
                "delayed": delayed,
            }
        )
        if worker is not UNSET:
            field_dict["worker"] = worker
        if oldest_seconds is not UNSET:
            field_dict["oldestSeconds"] = oldest_seconds
        if dead_letters is not UNSET:
            field_dict["deadLetters"] = dead_letters

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        waiting = d.pop("waiting")

        in_flight = d.pop("inFlight")

        delayed = d.pop("delayed")

        worker = d.pop("worker", UNSET)

        oldest_seconds = d.pop("oldestSeconds", UNSET)

        dead_letters = d.pop("deadLetters", UNSET)

        queue = cls(
            name=name,
            waiting=waiting,
            in_flight=in_flight,
            delayed=delayed,
            worker=worker,
            oldest_seconds=oldest_seconds,
            dead_letters=dead_letters,
        )

        return queue

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Attention")


@_attrs_define
class Attention:
    """Work that does not progress now; each count is at most 1000."""

    retrying: int
    """ Number of chunks and batches with a failed attempt that are tried again. """
    held: int
    """ Number of messages that wait until the paused job is resumed. """
    waiting_for_slot: int
    """ 1 if the job waits for a slot of its partition. """
    waiting_for_prerequisite: int
    """ Number of prerequisites that are not met yet. """
    longest_since: int | Unset = UNSET
    """ Time since which the oldest of this work has been waiting, in milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        retrying = self.retrying

        held = self.held

        waiting_for_slot = self.waiting_for_slot

        waiting_for_prerequisite = self.waiting_for_prerequisite

        longest_since = self.longest_since

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "retrying": retrying,
                "held": held,
                "waitingForSlot": waiting_for_slot,
                "waitingForPrerequisite": waiting_for_prerequisite,
            }
        )
        if longest_since is not UNSET:
            field_dict["longestSince"] = longest_since

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        retrying = d.pop("retrying")

        held = d.pop("held")

        waiting_for_slot = d.pop("waitingForSlot")

        waiting_for_prerequisite = d.pop("waitingForPrerequisite")

        longest_since = d.pop("longestSince", UNSET)

        attention = cls(
            retrying=retrying,
            held=held,
            waiting_for_slot=waiting_for_slot,
            waiting_for_prerequisite=waiting_for_prerequisite,
            longest_since=longest_since,
        )

        return attention

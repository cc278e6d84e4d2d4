from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SlowChunk")


@_attrs_define
class SlowChunk:
    path: str
    """ Position in the tree, as in /tasks. """
    millis: int
    """ Time that its items ran, in milliseconds. Waiting for a retry does not count. """

    def to_dict(self) -> dict[str, Any]:
        path = self.path

        millis = self.millis

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "path": path,
                "millis": millis,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        path = d.pop("path")

        millis = d.pop("millis")

        slow_chunk = cls(
            path=path,
            millis=millis,
        )

        return slow_chunk

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="UnroutableMessagesRequest")


@_attrs_define
class UnroutableMessagesRequest:
    ids: list[str]
    """ Ids of messages, from the list. """

    def to_dict(self) -> dict[str, Any]:
        ids = self.ids

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ids": ids,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        ids = cast(list[str], d.pop("ids"))

        unroutable_messages_request = cls(
            ids=ids,
        )

        return unroutable_messages_request

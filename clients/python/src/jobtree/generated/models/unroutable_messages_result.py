from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.unroutable_messages_result_kept_item import (
        UnroutableMessagesResultKeptItem,
    )


T = TypeVar("T", bound="UnroutableMessagesResult")


@_attrs_define
class UnroutableMessagesResult:
    done: list[str]
    """ Ids of the messages that were sent again or deleted. """
    kept: list[UnroutableMessagesResultKeptItem]
    """ The other messages of the request, with the reason. """

    def to_dict(self) -> dict[str, Any]:
        done = self.done

        kept = []
        for kept_item_data in self.kept:
            kept_item = kept_item_data.to_dict()
            kept.append(kept_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "done": done,
                "kept": kept,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.unroutable_messages_result_kept_item import (
            UnroutableMessagesResultKeptItem,
        )

        d = dict(src_dict)
        done = cast(list[str], d.pop("done"))

        kept = []
        _kept = d.pop("kept")
        for kept_item_data in _kept:
            kept_item = UnroutableMessagesResultKeptItem.from_dict(kept_item_data)

            kept.append(kept_item)

        unroutable_messages_result = cls(
            done=done,
            kept=kept,
        )

        return unroutable_messages_result

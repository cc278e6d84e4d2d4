from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RetryRequestFilter")


@_attrs_define
class RetryRequestFilter:
    """Selects failed items. With both members, an item must match both. Default: all failed items."""

    codes: list[str] | Unset = UNSET
    item_ids: list[str] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        codes: list[str] | Unset = UNSET
        if not isinstance(self.codes, Unset):
            codes = self.codes

        item_ids: list[str] | Unset = UNSET
        if not isinstance(self.item_ids, Unset):
            item_ids = self.item_ids

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if codes is not UNSET:
            field_dict["codes"] = codes
        if item_ids is not UNSET:
            field_dict["itemIds"] = item_ids

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        codes = cast(list[str], d.pop("codes", UNSET))

        item_ids = cast(list[str], d.pop("itemIds", UNSET))

        retry_request_filter = cls(
            codes=codes,
            item_ids=item_ids,
        )

        return retry_request_filter

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="BatchRequestOnItemFailureType2Tolerate")


@_attrs_define
class BatchRequestOnItemFailureType2Tolerate:
    percent: float

    def to_dict(self) -> dict[str, Any]:
        percent = self.percent

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "percent": percent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        percent = d.pop("percent")

        batch_request_on_item_failure_type_2_tolerate = cls(
            percent=percent,
        )

        return batch_request_on_item_failure_type_2_tolerate

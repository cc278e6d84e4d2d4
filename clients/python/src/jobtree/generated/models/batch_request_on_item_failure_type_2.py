from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.batch_request_on_item_failure_type_2_tolerate import (
        BatchRequestOnItemFailureType2Tolerate,
    )


T = TypeVar("T", bound="BatchRequestOnItemFailureType2")


@_attrs_define
class BatchRequestOnItemFailureType2:
    tolerate: BatchRequestOnItemFailureType2Tolerate

    def to_dict(self) -> dict[str, Any]:
        tolerate = self.tolerate.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tolerate": tolerate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.batch_request_on_item_failure_type_2_tolerate import (
            BatchRequestOnItemFailureType2Tolerate,
        )

        d = dict(src_dict)
        tolerate = BatchRequestOnItemFailureType2Tolerate.from_dict(d.pop("tolerate"))

        batch_request_on_item_failure_type_2 = cls(
            tolerate=tolerate,
        )

        return batch_request_on_item_failure_type_2

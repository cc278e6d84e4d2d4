from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="RetryJobResponse202")


@_attrs_define
class RetryJobResponse202:
    items_retried: int
    """ Number of retried items, counted from stored failures; the actual number can be higher. """

    def to_dict(self) -> dict[str, Any]:
        items_retried = self.items_retried

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "itemsRetried": items_retried,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        items_retried = d.pop("itemsRetried")

        retry_job_response_202 = cls(
            items_retried=items_retried,
        )

        return retry_job_response_202

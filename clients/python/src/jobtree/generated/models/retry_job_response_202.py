from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RetryJobResponse202")


@_attrs_define
class RetryJobResponse202:
    items_retried: int
    """ Number of retried items, counted from stored failures; the actual number can be higher. 0 for a job that
    failed because of a prerequisite, and starts again. """
    failed_dependents: list[str] | Unset = UNSET
    """ Ids of jobs that failed because of this one. With restartDependents they start again. """

    def to_dict(self) -> dict[str, Any]:
        items_retried = self.items_retried

        failed_dependents: list[str] | Unset = UNSET
        if not isinstance(self.failed_dependents, Unset):
            failed_dependents = self.failed_dependents

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "itemsRetried": items_retried,
            }
        )
        if failed_dependents is not UNSET:
            field_dict["failedDependents"] = failed_dependents

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        items_retried = d.pop("itemsRetried")

        failed_dependents = cast(list[str], d.pop("failedDependents", UNSET))

        retry_job_response_202 = cls(
            items_retried=items_retried,
            failed_dependents=failed_dependents,
        )

        return retry_job_response_202

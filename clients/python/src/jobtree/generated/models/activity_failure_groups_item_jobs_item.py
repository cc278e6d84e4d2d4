from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.job_status import JobStatus, check_job_status

T = TypeVar("T", bound="ActivityFailureGroupsItemJobsItem")


@_attrs_define
class ActivityFailureGroupsItemJobsItem:
    id: str
    status: JobStatus
    """ Completed, Failed, Cancelled and Expired are final. """
    count: int

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        status: str = self.status

        count = self.count

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "status": status,
                "count": count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        status = check_job_status(d.pop("status"))

        count = d.pop("count")

        activity_failure_groups_item_jobs_item = cls(
            id=id,
            status=status,
            count=count,
        )

        return activity_failure_groups_item_jobs_item

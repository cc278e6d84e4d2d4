from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.job_status import JobStatus, check_job_status
from ..types import UNSET, Unset

T = TypeVar("T", bound="ActivityFailureGroupsItemJobsItem")


@_attrs_define
class ActivityFailureGroupsItemJobsItem:
    id: str
    status: JobStatus
    """ Completed, Failed, Cancelled and Expired are final. """
    count: int
    splitter: str | Unset = UNSET
    """ Its splitter. Absent if it runs a template. """
    workers: list[str] | Unset = UNSET
    """ Its workers, in the order of the pipeline. Absent if it runs a template. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        status: str = self.status

        count = self.count

        splitter = self.splitter

        workers: list[str] | Unset = UNSET
        if not isinstance(self.workers, Unset):
            workers = self.workers

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "status": status,
                "count": count,
            }
        )
        if splitter is not UNSET:
            field_dict["splitter"] = splitter
        if workers is not UNSET:
            field_dict["workers"] = workers

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        status = check_job_status(d.pop("status"))

        count = d.pop("count")

        splitter = d.pop("splitter", UNSET)

        workers = cast(list[str], d.pop("workers", UNSET))

        activity_failure_groups_item_jobs_item = cls(
            id=id,
            status=status,
            count=count,
            splitter=splitter,
            workers=workers,
        )

        return activity_failure_groups_item_jobs_item

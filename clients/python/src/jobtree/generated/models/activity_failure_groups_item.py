from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.activity_failure_groups_item_jobs_item import (
        ActivityFailureGroupsItemJobsItem,
    )
    from ..models.failure_summary import FailureSummary


T = TypeVar("T", bound="ActivityFailureGroupsItem")


@_attrs_define
class ActivityFailureGroupsItem:
    fingerprint: str
    code: str
    message: str
    """ Common pattern of the messages: # replaces words with digits, <item> the item id. """
    count: int
    """ Number of failures in the period. """
    is_at_least: bool
    """ True if there are failures that were not read. """
    last_time: int
    """ Time of the last failure, in milliseconds since 1970. """
    jobs: list[ActivityFailureGroupsItemJobsItem]
    """ Jobs with these failures, newest first, at most 50. """
    example: FailureSummary

    def to_dict(self) -> dict[str, Any]:
        fingerprint = self.fingerprint

        code = self.code

        message = self.message

        count = self.count

        is_at_least = self.is_at_least

        last_time = self.last_time

        jobs = []
        for jobs_item_data in self.jobs:
            jobs_item = jobs_item_data.to_dict()
            jobs.append(jobs_item)

        example = self.example.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fingerprint": fingerprint,
                "code": code,
                "message": message,
                "count": count,
                "isAtLeast": is_at_least,
                "lastTime": last_time,
                "jobs": jobs,
                "example": example,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.activity_failure_groups_item_jobs_item import (
            ActivityFailureGroupsItemJobsItem,
        )
        from ..models.failure_summary import FailureSummary

        d = dict(src_dict)
        fingerprint = d.pop("fingerprint")

        code = d.pop("code")

        message = d.pop("message")

        count = d.pop("count")

        is_at_least = d.pop("isAtLeast")

        last_time = d.pop("lastTime")

        jobs = []
        _jobs = d.pop("jobs")
        for jobs_item_data in _jobs:
            jobs_item = ActivityFailureGroupsItemJobsItem.from_dict(jobs_item_data)

            jobs.append(jobs_item)

        example = FailureSummary.from_dict(d.pop("example"))

        activity_failure_groups_item = cls(
            fingerprint=fingerprint,
            code=code,
            message=message,
            count=count,
            is_at_least=is_at_least,
            last_time=last_time,
            jobs=jobs,
            example=example,
        )

        return activity_failure_groups_item

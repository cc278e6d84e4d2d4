from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.activity_failure_groups_item import ActivityFailureGroupsItem
    from ..models.activity_intervals_item import ActivityIntervalsItem


T = TypeVar("T", bound="Activity")


@_attrs_define
class Activity:
    since: int
    """ Start of the period, in milliseconds since 1970. """
    until: int
    """ End of the period: the time of the request, in milliseconds since 1970. """
    interval_millis: int
    """ Length of an interval. The last one has not ended. """
    jobs_read: int
    """ Number of jobs that were read. """
    is_complete: bool
    """ False if the partition has more than the 500 newest jobs, which were read. """
    intervals: list[ActivityIntervalsItem]
    """ Oldest first, without gaps. Items and cost of a job are distributed evenly from its start to its end or last
    progress. """
    failure_groups: list[ActivityFailureGroupsItem]
    """ Failures with the same cause over all jobs, largest first, at most 20. """

    def to_dict(self) -> dict[str, Any]:
        since = self.since

        until = self.until

        interval_millis = self.interval_millis

        jobs_read = self.jobs_read

        is_complete = self.is_complete

        intervals = []
        for intervals_item_data in self.intervals:
            intervals_item = intervals_item_data.to_dict()
            intervals.append(intervals_item)

        failure_groups = []
        for failure_groups_item_data in self.failure_groups:
            failure_groups_item = failure_groups_item_data.to_dict()
            failure_groups.append(failure_groups_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "since": since,
                "until": until,
                "intervalMillis": interval_millis,
                "jobsRead": jobs_read,
                "isComplete": is_complete,
                "intervals": intervals,
                "failureGroups": failure_groups,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.activity_failure_groups_item import ActivityFailureGroupsItem
        from ..models.activity_intervals_item import ActivityIntervalsItem

        d = dict(src_dict)
        since = d.pop("since")

        until = d.pop("until")

        interval_millis = d.pop("intervalMillis")

        jobs_read = d.pop("jobsRead")

        is_complete = d.pop("isComplete")

        intervals = []
        _intervals = d.pop("intervals")
        for intervals_item_data in _intervals:
            intervals_item = ActivityIntervalsItem.from_dict(intervals_item_data)

            intervals.append(intervals_item)

        failure_groups = []
        _failure_groups = d.pop("failureGroups")
        for failure_groups_item_data in _failure_groups:
            failure_groups_item = ActivityFailureGroupsItem.from_dict(failure_groups_item_data)

            failure_groups.append(failure_groups_item)

        activity = cls(
            since=since,
            until=until,
            interval_millis=interval_millis,
            jobs_read=jobs_read,
            is_complete=is_complete,
            intervals=intervals,
            failure_groups=failure_groups,
        )

        return activity

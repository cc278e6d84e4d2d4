from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ActivityIntervalsItem")


@_attrs_define
class ActivityIntervalsItem:
    start_time: int
    """ Start of the interval, in milliseconds since 1970. """
    items: float
    """ Estimated number of items that became final. """
    failed: float
    """ Those of them that failed. """
    dollars: float
    """ Estimated cost in US dollars, counted as for a job. """

    def to_dict(self) -> dict[str, Any]:
        start_time = self.start_time

        items = self.items

        failed = self.failed

        dollars = self.dollars

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "startTime": start_time,
                "items": items,
                "failed": failed,
                "dollars": dollars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        start_time = d.pop("startTime")

        items = d.pop("items")

        failed = d.pop("failed")

        dollars = d.pop("dollars")

        activity_intervals_item = cls(
            start_time=start_time,
            items=items,
            failed=failed,
            dollars=dollars,
        )

        return activity_intervals_item

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="JobStatsOldestWaitingType0")


@_attrs_define
class JobStatsOldestWaitingType0:
    id: str
    create_time: int
    """ Time at which the job was created, in milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        create_time = self.create_time

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "createTime": create_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        create_time = d.pop("createTime")

        job_stats_oldest_waiting_type_0 = cls(
            id=id,
            create_time=create_time,
        )

        return job_stats_oldest_waiting_type_0

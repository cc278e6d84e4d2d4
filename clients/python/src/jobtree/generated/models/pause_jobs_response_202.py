from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.bulk_operation import BulkOperation


T = TypeVar("T", bound="PauseJobsResponse202")


@_attrs_define
class PauseJobsResponse202:
    jobs_paused: int
    bulk_operation: BulkOperation
    """ The part of a bulk action that continues in the background. """

    def to_dict(self) -> dict[str, Any]:
        jobs_paused = self.jobs_paused

        bulk_operation = self.bulk_operation.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jobsPaused": jobs_paused,
                "bulkOperation": bulk_operation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_operation import BulkOperation

        d = dict(src_dict)
        jobs_paused = d.pop("jobsPaused")

        bulk_operation = BulkOperation.from_dict(d.pop("bulkOperation"))

        pause_jobs_response_202 = cls(
            jobs_paused=jobs_paused,
            bulk_operation=bulk_operation,
        )

        return pause_jobs_response_202

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.bulk_operation import BulkOperation


T = TypeVar("T", bound="ResumeJobsResponse202")


@_attrs_define
class ResumeJobsResponse202:
    jobs_resumed: int
    bulk_operation: BulkOperation
    """ The part of a bulk action that continues in the background. """

    def to_dict(self) -> dict[str, Any]:
        jobs_resumed = self.jobs_resumed

        bulk_operation = self.bulk_operation.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jobsResumed": jobs_resumed,
                "bulkOperation": bulk_operation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_operation import BulkOperation

        d = dict(src_dict)
        jobs_resumed = d.pop("jobsResumed")

        bulk_operation = BulkOperation.from_dict(d.pop("bulkOperation"))

        resume_jobs_response_202 = cls(
            jobs_resumed=jobs_resumed,
            bulk_operation=bulk_operation,
        )

        return resume_jobs_response_202

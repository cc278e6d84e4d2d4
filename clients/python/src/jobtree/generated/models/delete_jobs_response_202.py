from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.bulk_operation import BulkOperation


T = TypeVar("T", bound="DeleteJobsResponse202")


@_attrs_define
class DeleteJobsResponse202:
    jobs_deleted: int
    bulk_operation: BulkOperation
    """ The part of a bulk action that continues in the background. """

    def to_dict(self) -> dict[str, Any]:
        jobs_deleted = self.jobs_deleted

        bulk_operation = self.bulk_operation.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "jobsDeleted": jobs_deleted,
                "bulkOperation": bulk_operation,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_operation import BulkOperation

        d = dict(src_dict)
        jobs_deleted = d.pop("jobsDeleted")

        bulk_operation = BulkOperation.from_dict(d.pop("bulkOperation"))

        delete_jobs_response_202 = cls(
            jobs_deleted=jobs_deleted,
            bulk_operation=bulk_operation,
        )

        return delete_jobs_response_202

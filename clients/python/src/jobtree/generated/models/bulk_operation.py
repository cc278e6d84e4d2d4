from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.bulk_operation_status import (
    BulkOperationStatus,
    check_bulk_operation_status,
)
from ..models.bulk_operation_verb import BulkOperationVerb, check_bulk_operation_verb
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bulk_operation_criteria import BulkOperationCriteria
    from ..models.bulk_operation_links import BulkOperationLinks


T = TypeVar("T", bound="BulkOperation")


@_attrs_define
class BulkOperation:
    """The part of a bulk action that continues in the background."""

    id: str
    verb: BulkOperationVerb
    status: BulkOperationStatus
    jobs_examined: int
    criteria: BulkOperationCriteria
    create_time: int
    """ Time of the request, in milliseconds since 1970. """
    last_update_time: int
    """ Time of its last progress, in milliseconds since 1970. """
    created_by: str
    """ The sub of the token that made the request. """
    links: BulkOperationLinks
    """ Paths below the base address. """
    jobs_canceled: int | Unset = UNSET
    """ Number of jobs changed so far, including those changed within the request. """
    jobs_deleted: int | Unset = UNSET
    """ Number of jobs changed so far, including those changed within the request. """
    jobs_paused: int | Unset = UNSET
    """ Number of jobs changed so far, including those changed within the request. """
    jobs_resumed: int | Unset = UNSET
    """ Number of jobs changed so far, including those changed within the request. """
    jobs_retried: int | Unset = UNSET
    """ Number of jobs changed so far, including those changed within the request. """
    end_time: int | Unset = UNSET
    """ Time at which it completed, in milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        verb: str = self.verb

        status: str = self.status

        jobs_examined = self.jobs_examined

        criteria = self.criteria.to_dict()

        create_time = self.create_time

        last_update_time = self.last_update_time

        created_by = self.created_by

        links = self.links.to_dict()

        jobs_canceled = self.jobs_canceled

        jobs_deleted = self.jobs_deleted

        jobs_paused = self.jobs_paused

        jobs_resumed = self.jobs_resumed

        jobs_retried = self.jobs_retried

        end_time = self.end_time

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "verb": verb,
                "status": status,
                "jobsExamined": jobs_examined,
                "criteria": criteria,
                "createTime": create_time,
                "lastUpdateTime": last_update_time,
                "createdBy": created_by,
                "links": links,
            }
        )
        if jobs_canceled is not UNSET:
            field_dict["jobsCanceled"] = jobs_canceled
        if jobs_deleted is not UNSET:
            field_dict["jobsDeleted"] = jobs_deleted
        if jobs_paused is not UNSET:
            field_dict["jobsPaused"] = jobs_paused
        if jobs_resumed is not UNSET:
            field_dict["jobsResumed"] = jobs_resumed
        if jobs_retried is not UNSET:
            field_dict["jobsRetried"] = jobs_retried
        if end_time is not UNSET:
            field_dict["endTime"] = end_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.bulk_operation_criteria import BulkOperationCriteria
        from ..models.bulk_operation_links import BulkOperationLinks

        d = dict(src_dict)
        id = d.pop("id")

        verb = check_bulk_operation_verb(d.pop("verb"))

        status = check_bulk_operation_status(d.pop("status"))

        jobs_examined = d.pop("jobsExamined")

        criteria = BulkOperationCriteria.from_dict(d.pop("criteria"))

        create_time = d.pop("createTime")

        last_update_time = d.pop("lastUpdateTime")

        created_by = d.pop("createdBy")

        links = BulkOperationLinks.from_dict(d.pop("links"))

        jobs_canceled = d.pop("jobsCanceled", UNSET)

        jobs_deleted = d.pop("jobsDeleted", UNSET)

        jobs_paused = d.pop("jobsPaused", UNSET)

        jobs_resumed = d.pop("jobsResumed", UNSET)

        jobs_retried = d.pop("jobsRetried", UNSET)

        end_time = d.pop("endTime", UNSET)

        bulk_operation = cls(
            id=id,
            verb=verb,
            status=status,
            jobs_examined=jobs_examined,
            criteria=criteria,
            create_time=create_time,
            last_update_time=last_update_time,
            created_by=created_by,
            links=links,
            jobs_canceled=jobs_canceled,
            jobs_deleted=jobs_deleted,
            jobs_paused=jobs_paused,
            jobs_resumed=jobs_resumed,
            jobs_retried=jobs_retried,
            end_time=end_time,
        )

        return bulk_operation

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.partition_request_defaults import PartitionRequestDefaults


T = TypeVar("T", bound="PartitionRequest")


@_attrs_define
class PartitionRequest:
    max_active_jobs: int | Unset = 100
    """ Number of slots: jobs that have started and are not final, including paused ones. Other jobs wait on the
    waitlist. """
    suspended: bool | Unset = False
    """ True if no further job may start. Jobs that have started continue. """
    retention: str | Unset = "P30D"
    """ Time for which final jobs without their own policy are kept: an ISO 8601 duration with Y, M, D, H, M, S in
    this order (no weeks, no fractions), such as P30D or P1DT2H; at most 10 years. """
    defaults: PartitionRequestDefaults | Unset = UNSET
    """ Defaults for new jobs that do not set these members. """

    def to_dict(self) -> dict[str, Any]:
        max_active_jobs = self.max_active_jobs

        suspended = self.suspended

        retention = self.retention

        defaults: dict[str, Any] | Unset = UNSET
        if not isinstance(self.defaults, Unset):
            defaults = self.defaults.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if max_active_jobs is not UNSET:
            field_dict["maxActiveJobs"] = max_active_jobs
        if suspended is not UNSET:
            field_dict["suspended"] = suspended
        if retention is not UNSET:
            field_dict["retention"] = retention
        if defaults is not UNSET:
            field_dict["defaults"] = defaults

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.partition_request_defaults import PartitionRequestDefaults

        d = dict(src_dict)
        max_active_jobs = d.pop("maxActiveJobs", UNSET)

        suspended = d.pop("suspended", UNSET)

        retention = d.pop("retention", UNSET)

        _defaults = d.pop("defaults", UNSET)
        defaults: PartitionRequestDefaults | Unset
        if isinstance(_defaults, Unset):
            defaults = UNSET
        else:
            defaults = PartitionRequestDefaults.from_dict(_defaults)

        partition_request = cls(
            max_active_jobs=max_active_jobs,
            suspended=suspended,
            retention=retention,
            defaults=defaults,
        )

        return partition_request

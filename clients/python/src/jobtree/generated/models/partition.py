from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.partition_defaults import PartitionDefaults


T = TypeVar("T", bound="Partition")


@_attrs_define
class Partition:
    partition: str
    max_active_jobs: int
    """ Number of slots: jobs that have started and are not final, including paused ones. Other jobs wait on the
    waitlist. """
    suspended: bool
    """ True if no further job may start. Jobs that have started continue. """
    retention: str
    """ Time for which final jobs without their own policy are kept: an ISO 8601 duration with Y, M, D, H, M, S in
    this order (no weeks, no fractions), such as P30D or P1DT2H; at most 10 years. """
    defaults: PartitionDefaults
    """ Defaults for new jobs that do not set these members. """
    active_jobs: int
    """ Number of slots in use. """
    version: int
    """ Version of the settings; 0 if they were never put. """
    last_update_time: int | Unset = UNSET
    """ Time at which they were last put, in milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        partition = self.partition

        max_active_jobs = self.max_active_jobs

        suspended = self.suspended

        retention = self.retention

        defaults = self.defaults.to_dict()

        active_jobs = self.active_jobs

        version = self.version

        last_update_time = self.last_update_time

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "partition": partition,
                "maxActiveJobs": max_active_jobs,
                "suspended": suspended,
                "retention": retention,
                "defaults": defaults,
                "activeJobs": active_jobs,
                "version": version,
            }
        )
        if last_update_time is not UNSET:
            field_dict["lastUpdateTime"] = last_update_time

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.partition_defaults import PartitionDefaults

        d = dict(src_dict)
        partition = d.pop("partition")

        max_active_jobs = d.pop("maxActiveJobs")

        suspended = d.pop("suspended")

        retention = d.pop("retention")

        defaults = PartitionDefaults.from_dict(d.pop("defaults"))

        active_jobs = d.pop("activeJobs")

        version = d.pop("version")

        last_update_time = d.pop("lastUpdateTime", UNSET)

        partition = cls(
            partition=partition,
            max_active_jobs=max_active_jobs,
            suspended=suspended,
            retention=retention,
            defaults=defaults,
            active_jobs=active_jobs,
            version=version,
            last_update_time=last_update_time,
        )

        return partition

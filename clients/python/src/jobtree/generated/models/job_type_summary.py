from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.job_type_summary_scope import (
    JobTypeSummaryScope,
    check_job_type_summary_scope,
)

T = TypeVar("T", bound="JobTypeSummary")


@_attrs_define
class JobTypeSummary:
    name: str
    version: str
    """ A number that increases from 1. For a deployed document: `deployed-` and a hash of its content. """
    scope: JobTypeSummaryScope
    """ `partition`: belongs to the partition and hides a global one of the same name. `global`: for all partitions.
    """
    deployed: bool
    """ True if it belongs to the deployment. Only another deployment can change it. """
    description: str

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        scope: str = self.scope

        deployed = self.deployed

        description = self.description

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "version": version,
                "scope": scope,
                "deployed": deployed,
                "description": description,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        scope = check_job_type_summary_scope(d.pop("scope"))

        deployed = d.pop("deployed")

        description = d.pop("description")

        job_type_summary = cls(
            name=name,
            version=version,
            scope=scope,
            deployed=deployed,
            description=description,
        )

        return job_type_summary

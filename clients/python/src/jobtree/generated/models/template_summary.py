from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..models.template_summary_scope import (
    TemplateSummaryScope,
    check_template_summary_scope,
)

T = TypeVar("T", bound="TemplateSummary")


@_attrs_define
class TemplateSummary:
    name: str
    version: str
    """ A number that increases from 1. For a deployed document: `deployed-` and a hash of its content. """
    scope: TemplateSummaryScope
    """ `partition`: belongs to the partition and hides a global one of the same name. `global`: for all partitions.
    """
    deployed: bool
    """ True if it belongs to the deployment. Only another deployment can change it. """
    description: str
    enabled: bool
    """ True if new jobs can use it. """
    steps: list[str]
    """ Names of the steps. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        scope: str = self.scope

        deployed = self.deployed

        description = self.description

        enabled = self.enabled

        steps = self.steps

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "version": version,
                "scope": scope,
                "deployed": deployed,
                "description": description,
                "enabled": enabled,
                "steps": steps,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        scope = check_template_summary_scope(d.pop("scope"))

        deployed = d.pop("deployed")

        description = d.pop("description")

        enabled = d.pop("enabled")

        steps = cast(list[str], d.pop("steps"))

        template_summary = cls(
            name=name,
            version=version,
            scope=scope,
            deployed=deployed,
            description=description,
            enabled=enabled,
            steps=steps,
        )

        return template_summary

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.template_request_flow_item import TemplateRequestFlowItem
    from ..models.template_request_parameters_schema import (
        TemplateRequestParametersSchema,
    )
    from ..models.template_request_steps_item import TemplateRequestStepsItem


T = TypeVar("T", bound="TemplateRequest")


@_attrs_define
class TemplateRequest:
    steps: list[TemplateRequestStepsItem]
    name: str | Unset = UNSET
    """ Must match the name in the path. """
    description: str | Unset = ""
    enabled: bool | Unset = True
    parameters_schema: TemplateRequestParametersSchema | Unset = UNSET
    """ JSON Schema 2020-12 of the parameters. Without it, jobs take no parameters. """
    items_per_task: int | Unset = UNSET
    """ Items of a chunk in each step. Default: the smallest `itemsPerTask` of the workers of its steps (GET
    /workers). """
    flow: list[TemplateRequestFlowItem] | Unset = UNSET
    """ The next step for each outcome. Default: steps run in order, until one fails. """

    def to_dict(self) -> dict[str, Any]:
        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        name = self.name

        description = self.description

        enabled = self.enabled

        parameters_schema: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters_schema, Unset):
            parameters_schema = self.parameters_schema.to_dict()

        items_per_task = self.items_per_task

        flow: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.flow, Unset):
            flow = []
            for flow_item_data in self.flow:
                flow_item = flow_item_data.to_dict()
                flow.append(flow_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "steps": steps,
            }
        )
        if name is not UNSET:
            field_dict["name"] = name
        if description is not UNSET:
            field_dict["description"] = description
        if enabled is not UNSET:
            field_dict["enabled"] = enabled
        if parameters_schema is not UNSET:
            field_dict["parametersSchema"] = parameters_schema
        if items_per_task is not UNSET:
            field_dict["itemsPerTask"] = items_per_task
        if flow is not UNSET:
            field_dict["flow"] = flow

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.template_request_flow_item import TemplateRequestFlowItem
        from ..models.template_request_parameters_schema import (
            TemplateRequestParametersSchema,
        )
        from ..models.template_request_steps_item import TemplateRequestStepsItem

        d = dict(src_dict)
        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = TemplateRequestStepsItem.from_dict(steps_item_data)

            steps.append(steps_item)

        name = d.pop("name", UNSET)

        description = d.pop("description", UNSET)

        enabled = d.pop("enabled", UNSET)

        _parameters_schema = d.pop("parametersSchema", UNSET)
        parameters_schema: TemplateRequestParametersSchema | Unset
        if isinstance(_parameters_schema, Unset):
            parameters_schema = UNSET
        else:
            parameters_schema = TemplateRequestParametersSchema.from_dict(_parameters_schema)

        items_per_task = d.pop("itemsPerTask", UNSET)

        _flow = d.pop("flow", UNSET)
        flow: list[TemplateRequestFlowItem] | Unset = UNSET
        if _flow is not UNSET:
            flow = []
            for flow_item_data in _flow:
                flow_item = TemplateRequestFlowItem.from_dict(flow_item_data)

                flow.append(flow_item)

        template_request = cls(
            steps=steps,
            name=name,
            description=description,
            enabled=enabled,
            parameters_schema=parameters_schema,
            items_per_task=items_per_task,
            flow=flow,
        )

        return template_request

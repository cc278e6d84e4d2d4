from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.template_scope import TemplateScope, check_template_scope
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.template_flow_item import TemplateFlowItem
    from ..models.template_parameters_schema import TemplateParametersSchema
    from ..models.template_steps_item import TemplateStepsItem


T = TypeVar("T", bound="Template")


@_attrs_define
class Template:
    name: str
    steps: list[TemplateStepsItem]
    version: str
    """ A number that increases from 1. For a deployed document: `deployed-` and a hash of its content. """
    scope: TemplateScope
    """ `partition`: belongs to the partition and hides a global one of the same name. `global`: for all partitions.
    """
    deployed: bool
    """ True if it belongs to the deployment. Only another deployment can change it. """
    description: str | Unset = ""
    enabled: bool | Unset = True
    parameters_schema: TemplateParametersSchema | Unset = UNSET
    """ JSON Schema 2020-12 of the parameters. Without it, jobs take no parameters. """
    items_per_task: int | Unset = UNSET
    """ Items of a chunk in each step. Default: the smallest `itemsPerTask` of the workers of its steps (GET
    /workers). """
    flow: list[TemplateFlowItem] | Unset = UNSET
    """ The next step for each outcome. Default: steps run in order, until one fails. """
    create_time: int | Unset = UNSET
    """ Time at which this version was put; absent if it is deployed, in milliseconds since 1970. """
    created_by: str | Unset = UNSET
    """ The sub of the token that put this version. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        steps = []
        for steps_item_data in self.steps:
            steps_item = steps_item_data.to_dict()
            steps.append(steps_item)

        version = self.version

        scope: str = self.scope

        deployed = self.deployed

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

        create_time = self.create_time

        created_by = self.created_by

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "steps": steps,
                "version": version,
                "scope": scope,
                "deployed": deployed,
            }
        )
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
        if create_time is not UNSET:
            field_dict["createTime"] = create_time
        if created_by is not UNSET:
            field_dict["createdBy"] = created_by

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.template_flow_item import TemplateFlowItem
        from ..models.template_parameters_schema import TemplateParametersSchema
        from ..models.template_steps_item import TemplateStepsItem

        d = dict(src_dict)
        name = d.pop("name")

        steps = []
        _steps = d.pop("steps")
        for steps_item_data in _steps:
            steps_item = TemplateStepsItem.from_dict(steps_item_data)

            steps.append(steps_item)

        version = d.pop("version")

        scope = check_template_scope(d.pop("scope"))

        deployed = d.pop("deployed")

        description = d.pop("description", UNSET)

        enabled = d.pop("enabled", UNSET)

        _parameters_schema = d.pop("parametersSchema", UNSET)
        parameters_schema: TemplateParametersSchema | Unset
        if isinstance(_parameters_schema, Unset):
            parameters_schema = UNSET
        else:
            parameters_schema = TemplateParametersSchema.from_dict(_parameters_schema)

        items_per_task = d.pop("itemsPerTask", UNSET)

        _flow = d.pop("flow", UNSET)
        flow: list[TemplateFlowItem] | Unset = UNSET
        if _flow is not UNSET:
            flow = []
            for flow_item_data in _flow:
                flow_item = TemplateFlowItem.from_dict(flow_item_data)

                flow.append(flow_item)

        create_time = d.pop("createTime", UNSET)

        created_by = d.pop("createdBy", UNSET)

        template = cls(
            name=name,
            steps=steps,
            version=version,
            scope=scope,
            deployed=deployed,
            description=description,
            enabled=enabled,
            parameters_schema=parameters_schema,
            items_per_task=items_per_task,
            flow=flow,
            create_time=create_time,
            created_by=created_by,
        )

        return template

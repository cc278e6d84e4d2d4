from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_type_request_configuration import JobTypeRequestConfiguration
    from ..models.job_type_request_constants import JobTypeRequestConstants
    from ..models.job_type_request_parameters_schema import JobTypeRequestParametersSchema


T = TypeVar("T", bound="JobTypeRequest")


@_attrs_define
class JobTypeRequest:
    mapping: str
    """ JSONata expression over {parameters, configuration, constants, partitionId, jobId}. It returns {batch},
    {task} or {template, parameters, items}, and optionally priority and labels. """
    description: str | Unset = ""
    parameters_schema: JobTypeRequestParametersSchema | Unset = UNSET
    """ JSON Schema 2020-12 of the parameters. Without it, jobs of this type take no parameters. """
    configuration: JobTypeRequestConfiguration | Unset = UNSET
    """ Strings that differ between installations, such as URLs. """
    constants: JobTypeRequestConstants | Unset = UNSET
    """ JSON values that the mapping uses. """

    def to_dict(self) -> dict[str, Any]:
        mapping = self.mapping

        description = self.description

        parameters_schema: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters_schema, Unset):
            parameters_schema = self.parameters_schema.to_dict()

        configuration: dict[str, Any] | Unset = UNSET
        if not isinstance(self.configuration, Unset):
            configuration = self.configuration.to_dict()

        constants: dict[str, Any] | Unset = UNSET
        if not isinstance(self.constants, Unset):
            constants = self.constants.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "mapping": mapping,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if parameters_schema is not UNSET:
            field_dict["parametersSchema"] = parameters_schema
        if configuration is not UNSET:
            field_dict["configuration"] = configuration
        if constants is not UNSET:
            field_dict["constants"] = constants

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_type_request_configuration import JobTypeRequestConfiguration
        from ..models.job_type_request_constants import JobTypeRequestConstants
        from ..models.job_type_request_parameters_schema import (
            JobTypeRequestParametersSchema,
        )

        d = dict(src_dict)
        mapping = d.pop("mapping")

        description = d.pop("description", UNSET)

        _parameters_schema = d.pop("parametersSchema", UNSET)
        parameters_schema: JobTypeRequestParametersSchema | Unset
        if isinstance(_parameters_schema, Unset):
            parameters_schema = UNSET
        else:
            parameters_schema = JobTypeRequestParametersSchema.from_dict(_parameters_schema)

        _configuration = d.pop("configuration", UNSET)
        configuration: JobTypeRequestConfiguration | Unset
        if isinstance(_configuration, Unset):
            configuration = UNSET
        else:
            configuration = JobTypeRequestConfiguration.from_dict(_configuration)

        _constants = d.pop("constants", UNSET)
        constants: JobTypeRequestConstants | Unset
        if isinstance(_constants, Unset):
            constants = UNSET
        else:
            constants = JobTypeRequestConstants.from_dict(_constants)

        job_type_request = cls(
            mapping=mapping,
            description=description,
            parameters_schema=parameters_schema,
            configuration=configuration,
            constants=constants,
        )

        return job_type_request

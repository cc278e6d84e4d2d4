from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.job_type_scope import JobTypeScope, check_job_type_scope
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.job_type_configuration import JobTypeConfiguration
    from ..models.job_type_constants import JobTypeConstants
    from ..models.job_type_parameters_schema import JobTypeParametersSchema


T = TypeVar("T", bound="JobType")


@_attrs_define
class JobType:
    name: str
    version: str
    """ A number that increases from 1. For a deployed document: `deployed-` and a hash of its content. """
    scope: JobTypeScope
    """ `partition`: belongs to the partition and hides a global one of the same name. `global`: for all partitions.
    """
    deployed: bool
    """ True if it belongs to the deployment. Only another deployment can change it. """
    description: str
    constants: JobTypeConstants
    """ JSON values that the mapping uses. """
    mapping: str
    """ JSONata expression over {parameters, configuration, constants, partitionId, jobId}. It returns {batch},
    {task} or {template, parameters, items}, and optionally priority and labels. """
    parameters_schema: JobTypeParametersSchema | Unset = UNSET
    """ JSON Schema 2020-12 of the parameters. Without it, jobs of this type take no parameters. """
    configuration: JobTypeConfiguration | Unset = UNSET
    """ Strings that differ between installations. Shown only to admins: of the partition or, for a global job type,
    of all partitions. """
    create_time: int | Unset = UNSET
    """ Time at which this version was put; absent if it is deployed, in milliseconds since 1970. """
    created_by: str | Unset = UNSET
    """ The sub of the token that put this version. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        version = self.version

        scope: str = self.scope

        deployed = self.deployed

        description = self.description

        constants = self.constants.to_dict()

        mapping = self.mapping

        parameters_schema: dict[str, Any] | Unset = UNSET
        if not isinstance(self.parameters_schema, Unset):
            parameters_schema = self.parameters_schema.to_dict()

        configuration: dict[str, Any] | Unset = UNSET
        if not isinstance(self.configuration, Unset):
            configuration = self.configuration.to_dict()

        create_time = self.create_time

        created_by = self.created_by

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "version": version,
                "scope": scope,
                "deployed": deployed,
                "description": description,
                "constants": constants,
                "mapping": mapping,
            }
        )
        if parameters_schema is not UNSET:
            field_dict["parametersSchema"] = parameters_schema
        if configuration is not UNSET:
            field_dict["configuration"] = configuration
        if create_time is not UNSET:
            field_dict["createTime"] = create_time
        if created_by is not UNSET:
            field_dict["createdBy"] = created_by

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.job_type_configuration import JobTypeConfiguration
        from ..models.job_type_constants import JobTypeConstants
        from ..models.job_type_parameters_schema import JobTypeParametersSchema

        d = dict(src_dict)
        name = d.pop("name")

        version = d.pop("version")

        scope = check_job_type_scope(d.pop("scope"))

        deployed = d.pop("deployed")

        description = d.pop("description")

        constants = JobTypeConstants.from_dict(d.pop("constants"))

        mapping = d.pop("mapping")

        _parameters_schema = d.pop("parametersSchema", UNSET)
        parameters_schema: JobTypeParametersSchema | Unset
        if isinstance(_parameters_schema, Unset):
            parameters_schema = UNSET
        else:
            parameters_schema = JobTypeParametersSchema.from_dict(_parameters_schema)

        _configuration = d.pop("configuration", UNSET)
        configuration: JobTypeConfiguration | Unset
        if isinstance(_configuration, Unset):
            configuration = UNSET
        else:
            configuration = JobTypeConfiguration.from_dict(_configuration)

        create_time = d.pop("createTime", UNSET)

        created_by = d.pop("createdBy", UNSET)

        job_type = cls(
            name=name,
            version=version,
            scope=scope,
            deployed=deployed,
            description=description,
            constants=constants,
            mapping=mapping,
            parameters_schema=parameters_schema,
            configuration=configuration,
            create_time=create_time,
            created_by=created_by,
        )

        return job_type

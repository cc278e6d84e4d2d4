from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.worker_parameters import WorkerParameters


T = TypeVar("T", bound="Worker")


@_attrs_define
class Worker:
    name: str
    description: str
    parameters: WorkerParameters
    """ JSON Schema 2020-12 of its parameters. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        parameters = self.parameters.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "description": description,
                "parameters": parameters,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.worker_parameters import WorkerParameters

        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        parameters = WorkerParameters.from_dict(d.pop("parameters"))

        worker = cls(
            name=name,
            description=description,
            parameters=parameters,
        )

        return worker

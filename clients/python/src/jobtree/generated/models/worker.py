from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.worker_parameters import WorkerParameters


T = TypeVar("T", bound="Worker")


@_attrs_define
class Worker:
    name: str
    description: str
    parameters: WorkerParameters
    """ JSON Schema 2020-12 of its parameters. """
    items_per_task: int | Unset = UNSET
    """ Items of a chunk if the job does not state them. Absent: 25. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        parameters = self.parameters.to_dict()

        items_per_task = self.items_per_task

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "description": description,
                "parameters": parameters,
            }
        )
        if items_per_task is not UNSET:
            field_dict["itemsPerTask"] = items_per_task

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.worker_parameters import WorkerParameters

        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        parameters = WorkerParameters.from_dict(d.pop("parameters"))

        items_per_task = d.pop("itemsPerTask", UNSET)

        worker = cls(
            name=name,
            description=description,
            parameters=parameters,
            items_per_task=items_per_task,
        )

        return worker

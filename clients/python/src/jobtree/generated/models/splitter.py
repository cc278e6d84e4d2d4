from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.splitter_definition import SplitterDefinition


T = TypeVar("T", bound="Splitter")


@_attrs_define
class Splitter:
    name: str
    description: str
    definition: SplitterDefinition
    """ JSON Schema 2020-12 of its definitions. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        definition = self.definition.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "description": description,
                "definition": definition,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.splitter_definition import SplitterDefinition

        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        definition = SplitterDefinition.from_dict(d.pop("definition"))

        splitter = cls(
            name=name,
            description=description,
            definition=definition,
        )

        return splitter

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.template_steps_item_on_item_failure_type_1_tolerate import (
        TemplateStepsItemOnItemFailureType1Tolerate,
    )


T = TypeVar("T", bound="TemplateStepsItemOnItemFailureType1")


@_attrs_define
class TemplateStepsItemOnItemFailureType1:
    tolerate: TemplateStepsItemOnItemFailureType1Tolerate

    def to_dict(self) -> dict[str, Any]:
        tolerate = self.tolerate.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tolerate": tolerate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.template_steps_item_on_item_failure_type_1_tolerate import (
            TemplateStepsItemOnItemFailureType1Tolerate,
        )

        d = dict(src_dict)
        tolerate = TemplateStepsItemOnItemFailureType1Tolerate.from_dict(d.pop("tolerate"))

        template_steps_item_on_item_failure_type_1 = cls(
            tolerate=tolerate,
        )

        return template_steps_item_on_item_failure_type_1

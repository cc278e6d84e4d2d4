from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.template_request_steps_item_on_item_failure_type_1_tolerate import (
        TemplateRequestStepsItemOnItemFailureType1Tolerate,
    )


T = TypeVar("T", bound="TemplateRequestStepsItemOnItemFailureType1")


@_attrs_define
class TemplateRequestStepsItemOnItemFailureType1:
    tolerate: TemplateRequestStepsItemOnItemFailureType1Tolerate

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
        from ..models.template_request_steps_item_on_item_failure_type_1_tolerate import (
            TemplateRequestStepsItemOnItemFailureType1Tolerate,
        )

        d = dict(src_dict)
        tolerate = TemplateRequestStepsItemOnItemFailureType1Tolerate.from_dict(d.pop("tolerate"))

        template_request_steps_item_on_item_failure_type_1 = cls(
            tolerate=tolerate,
        )

        return template_request_steps_item_on_item_failure_type_1

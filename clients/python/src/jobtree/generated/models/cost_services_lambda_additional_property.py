from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="CostServicesLambdaAdditionalProperty")


@_attrs_define
class CostServicesLambdaAdditionalProperty:
    count: float
    """ Number of operations. Jobs that share an operation are each charged a part of it. """
    dollars_per_million: float
    dollars: float
    """ US dollars, with nine decimals. """

    def to_dict(self) -> dict[str, Any]:
        count = self.count

        dollars_per_million = self.dollars_per_million

        dollars = self.dollars

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "count": count,
                "dollarsPerMillion": dollars_per_million,
                "dollars": dollars,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        count = d.pop("count")

        dollars_per_million = d.pop("dollarsPerMillion")

        dollars = d.pop("dollars")

        cost_services_lambda_additional_property = cls(
            count=count,
            dollars_per_million=dollars_per_million,
            dollars=dollars,
        )

        return cost_services_lambda_additional_property

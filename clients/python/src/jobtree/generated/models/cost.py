from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.cost_prices import CostPrices
    from ..models.cost_services import CostServices


T = TypeVar("T", bound="Cost")


@_attrs_define
class Cost:
    services: CostServices
    dollars: float
    """ US dollars, with nine decimals. """
    prices: CostPrices
    """ Region and date of the prices. """
    not_included: str

    def to_dict(self) -> dict[str, Any]:
        services = self.services.to_dict()

        dollars = self.dollars

        prices = self.prices.to_dict()

        not_included = self.not_included

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "services": services,
                "dollars": dollars,
                "prices": prices,
                "notIncluded": not_included,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.cost_prices import CostPrices
        from ..models.cost_services import CostServices

        d = dict(src_dict)
        services = CostServices.from_dict(d.pop("services"))

        dollars = d.pop("dollars")

        prices = CostPrices.from_dict(d.pop("prices"))

        not_included = d.pop("notIncluded")

        cost = cls(
            services=services,
            dollars=dollars,
            prices=prices,
            not_included=not_included,
        )

        return cost

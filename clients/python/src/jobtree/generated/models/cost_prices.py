from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from dateutil.parser import isoparse

T = TypeVar("T", bound="CostPrices")


@_attrs_define
class CostPrices:
    """Region and date of the prices."""

    region: str
    as_of: datetime.date
    currency: Literal["USD"]

    def to_dict(self) -> dict[str, Any]:
        region = self.region

        as_of = self.as_of.isoformat()

        currency = self.currency

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "region": region,
                "asOf": as_of,
                "currency": currency,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        region = d.pop("region")

        as_of = isoparse(d.pop("asOf")).date()

        currency = cast(Literal["USD"], d.pop("currency"))
        if currency != "USD":
            raise ValueError(f"currency must match const 'USD', got '{currency}'")

        cost_prices = cls(
            region=region,
            as_of=as_of,
            currency=currency,
        )

        return cost_prices

from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="FinalExpiryPolicy")


@_attrs_define
class FinalExpiryPolicy:
    expiry_time: str
    """ When the policy applies: none, an ISO 8601 instant with time zone, or createTime+ or lastUpdateTime+
    followed by an ISO 8601 duration with Y, M, D, H, M, S in this order (no weeks, no fractions), such as P30D or
    P1DT2H. """
    operation: Literal["Delete"] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        expiry_time = self.expiry_time

        operation = self.operation

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "expiryTime": expiry_time,
            }
        )
        if operation is not UNSET:
            field_dict["operation"] = operation

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        expiry_time = d.pop("expiryTime")

        operation = cast(Literal["Delete"] | Unset, d.pop("operation", UNSET))
        if operation != "Delete" and not isinstance(operation, Unset):
            raise ValueError(f"operation must match const 'Delete', got '{operation}'")

        final_expiry_policy = cls(
            expiry_time=expiry_time,
            operation=operation,
        )

        return final_expiry_policy

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.live_expiry_policy_operation import (
    LiveExpiryPolicyOperation,
    check_live_expiry_policy_operation,
)
from ..types import UNSET, Unset

T = TypeVar("T", bound="LiveExpiryPolicy")


@_attrs_define
class LiveExpiryPolicy:
    expiry_time: str
    """ When the policy applies: none, an ISO 8601 instant with time zone, or createTime+ or lastUpdateTime+
    followed by an ISO 8601 duration with Y, M, D, H, M, S in this order (no weeks, no fractions), such as P30D or
    P1DT2H. """
    operation: LiveExpiryPolicyOperation | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        expiry_time = self.expiry_time

        operation: str | Unset = UNSET
        if not isinstance(self.operation, Unset):
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

        _operation = d.pop("operation", UNSET)
        operation: LiveExpiryPolicyOperation | Unset
        if isinstance(_operation, Unset):
            operation = UNSET
        else:
            operation = check_live_expiry_policy_operation(_operation)

        live_expiry_policy = cls(
            expiry_time=expiry_time,
            operation=operation,
        )

        return live_expiry_policy

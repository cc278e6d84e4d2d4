from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.expiry_policies import ExpiryPolicies


T = TypeVar("T", bound="PartitionDefaults")


@_attrs_define
class PartitionDefaults:
    """Defaults for new jobs that do not set these members."""

    priority: int | Unset = UNSET
    expiry: ExpiryPolicies | Unset = UNSET
    """ Actions on a job that stays too long in a status: Expire (unless the job is final) or Delete. """

    def to_dict(self) -> dict[str, Any]:
        priority = self.priority

        expiry: dict[str, Any] | Unset = UNSET
        if not isinstance(self.expiry, Unset):
            expiry = self.expiry.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if priority is not UNSET:
            field_dict["priority"] = priority
        if expiry is not UNSET:
            field_dict["expiry"] = expiry

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.expiry_policies import ExpiryPolicies

        d = dict(src_dict)
        priority = d.pop("priority", UNSET)

        _expiry = d.pop("expiry", UNSET)
        expiry: ExpiryPolicies | Unset
        if isinstance(_expiry, Unset):
            expiry = UNSET
        else:
            expiry = ExpiryPolicies.from_dict(_expiry)

        partition_defaults = cls(
            priority=priority,
            expiry=expiry,
        )

        return partition_defaults

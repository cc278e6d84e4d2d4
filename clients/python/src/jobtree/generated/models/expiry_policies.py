from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.final_expiry_policy import FinalExpiryPolicy
    from ..models.live_expiry_policy import LiveExpiryPolicy


T = TypeVar("T", bound="ExpiryPolicies")


@_attrs_define
class ExpiryPolicies:
    """Actions on a job that stays too long in a status: Expire (unless the job is final) or Delete."""

    waiting: LiveExpiryPolicy | Unset = UNSET
    active: LiveExpiryPolicy | Unset = UNSET
    paused: LiveExpiryPolicy | Unset = UNSET
    blocked: LiveExpiryPolicy | Unset = UNSET
    completed: FinalExpiryPolicy | Unset = UNSET
    failed: FinalExpiryPolicy | Unset = UNSET
    cancelled: FinalExpiryPolicy | Unset = UNSET
    expired: FinalExpiryPolicy | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        waiting: dict[str, Any] | Unset = UNSET
        if not isinstance(self.waiting, Unset):
            waiting = self.waiting.to_dict()

        active: dict[str, Any] | Unset = UNSET
        if not isinstance(self.active, Unset):
            active = self.active.to_dict()

        paused: dict[str, Any] | Unset = UNSET
        if not isinstance(self.paused, Unset):
            paused = self.paused.to_dict()

        blocked: dict[str, Any] | Unset = UNSET
        if not isinstance(self.blocked, Unset):
            blocked = self.blocked.to_dict()

        completed: dict[str, Any] | Unset = UNSET
        if not isinstance(self.completed, Unset):
            completed = self.completed.to_dict()

        failed: dict[str, Any] | Unset = UNSET
        if not isinstance(self.failed, Unset):
            failed = self.failed.to_dict()

        cancelled: dict[str, Any] | Unset = UNSET
        if not isinstance(self.cancelled, Unset):
            cancelled = self.cancelled.to_dict()

        expired: dict[str, Any] | Unset = UNSET
        if not isinstance(self.expired, Unset):
            expired = self.expired.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if waiting is not UNSET:
            field_dict["waiting"] = waiting
        if active is not UNSET:
            field_dict["active"] = active
        if paused is not UNSET:
            field_dict["paused"] = paused
        if blocked is not UNSET:
            field_dict["blocked"] = blocked
        if completed is not UNSET:
            field_dict["completed"] = completed
        if failed is not UNSET:
            field_dict["failed"] = failed
        if cancelled is not UNSET:
            field_dict["cancelled"] = cancelled
        if expired is not UNSET:
            field_dict["expired"] = expired

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.final_expiry_policy import FinalExpiryPolicy
        from ..models.live_expiry_policy import LiveExpiryPolicy

        d = dict(src_dict)
        _waiting = d.pop("waiting", UNSET)
        waiting: LiveExpiryPolicy | Unset
        if isinstance(_waiting, Unset):
            waiting = UNSET
        else:
            waiting = LiveExpiryPolicy.from_dict(_waiting)

        _active = d.pop("active", UNSET)
        active: LiveExpiryPolicy | Unset
        if isinstance(_active, Unset):
            active = UNSET
        else:
            active = LiveExpiryPolicy.from_dict(_active)

        _paused = d.pop("paused", UNSET)
        paused: LiveExpiryPolicy | Unset
        if isinstance(_paused, Unset):
            paused = UNSET
        else:
            paused = LiveExpiryPolicy.from_dict(_paused)

        _blocked = d.pop("blocked", UNSET)
        blocked: LiveExpiryPolicy | Unset
        if isinstance(_blocked, Unset):
            blocked = UNSET
        else:
            blocked = LiveExpiryPolicy.from_dict(_blocked)

        _completed = d.pop("completed", UNSET)
        completed: FinalExpiryPolicy | Unset
        if isinstance(_completed, Unset):
            completed = UNSET
        else:
            completed = FinalExpiryPolicy.from_dict(_completed)

        _failed = d.pop("failed", UNSET)
        failed: FinalExpiryPolicy | Unset
        if isinstance(_failed, Unset):
            failed = UNSET
        else:
            failed = FinalExpiryPolicy.from_dict(_failed)

        _cancelled = d.pop("cancelled", UNSET)
        cancelled: FinalExpiryPolicy | Unset
        if isinstance(_cancelled, Unset):
            cancelled = UNSET
        else:
            cancelled = FinalExpiryPolicy.from_dict(_cancelled)

        _expired = d.pop("expired", UNSET)
        expired: FinalExpiryPolicy | Unset
        if isinstance(_expired, Unset):
            expired = UNSET
        else:
            expired = FinalExpiryPolicy.from_dict(_expired)

        expiry_policies = cls(
            waiting=waiting,
            active=active,
            paused=paused,
            blocked=blocked,
            completed=completed,
            failed=failed,
            cancelled=cancelled,
            expired=expired,
        )

        return expiry_policies

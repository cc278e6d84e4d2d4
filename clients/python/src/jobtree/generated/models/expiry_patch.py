from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.final_expiry_policy import FinalExpiryPolicy
    from ..models.live_expiry_policy import LiveExpiryPolicy


T = TypeVar("T", bound="ExpiryPatch")


@_attrs_define
class ExpiryPatch:
    waiting: LiveExpiryPolicy | None | Unset = UNSET
    active: LiveExpiryPolicy | None | Unset = UNSET
    paused: LiveExpiryPolicy | None | Unset = UNSET
    blocked: LiveExpiryPolicy | None | Unset = UNSET
    completed: FinalExpiryPolicy | None | Unset = UNSET
    failed: FinalExpiryPolicy | None | Unset = UNSET
    cancelled: FinalExpiryPolicy | None | Unset = UNSET
    expired: FinalExpiryPolicy | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.final_expiry_policy import FinalExpiryPolicy
        from ..models.live_expiry_policy import LiveExpiryPolicy

        waiting: dict[str, Any] | None | Unset
        if isinstance(self.waiting, Unset):
            waiting = UNSET
        elif isinstance(self.waiting, LiveExpiryPolicy):
            waiting = self.waiting.to_dict()
        else:
            waiting = self.waiting

        active: dict[str, Any] | None | Unset
        if isinstance(self.active, Unset):
            active = UNSET
        elif isinstance(self.active, LiveExpiryPolicy):
            active = self.active.to_dict()
        else:
            active = self.active

        paused: dict[str, Any] | None | Unset
        if isinstance(self.paused, Unset):
            paused = UNSET
        elif isinstance(self.paused, LiveExpiryPolicy):
            paused = self.paused.to_dict()
        else:
            paused = self.paused

        blocked: dict[str, Any] | None | Unset
        if isinstance(self.blocked, Unset):
            blocked = UNSET
        elif isinstance(self.blocked, LiveExpiryPolicy):
            blocked = self.blocked.to_dict()
        else:
            blocked = self.blocked

        completed: dict[str, Any] | None | Unset
        if isinstance(self.completed, Unset):
            completed = UNSET
        elif isinstance(self.completed, FinalExpiryPolicy):
            completed = self.completed.to_dict()
        else:
            completed = self.completed

        failed: dict[str, Any] | None | Unset
        if isinstance(self.failed, Unset):
            failed = UNSET
        elif isinstance(self.failed, FinalExpiryPolicy):
            failed = self.failed.to_dict()
        else:
            failed = self.failed

        cancelled: dict[str, Any] | None | Unset
        if isinstance(self.cancelled, Unset):
            cancelled = UNSET
        elif isinstance(self.cancelled, FinalExpiryPolicy):
            cancelled = self.cancelled.to_dict()
        else:
            cancelled = self.cancelled

        expired: dict[str, Any] | None | Unset
        if isinstance(self.expired, Unset):
            expired = UNSET
        elif isinstance(self.expired, FinalExpiryPolicy):
            expired = self.expired.to_dict()
        else:
            expired = self.expired

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

        def _parse_waiting(data: object) -> LiveExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                waiting_type_0 = LiveExpiryPolicy.from_dict(data)

                return waiting_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LiveExpiryPolicy | None | Unset, data)

        waiting = _parse_waiting(d.pop("waiting", UNSET))

        def _parse_active(data: object) -> LiveExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                active_type_0 = LiveExpiryPolicy.from_dict(data)

                return active_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LiveExpiryPolicy | None | Unset, data)

        active = _parse_active(d.pop("active", UNSET))

        def _parse_paused(data: object) -> LiveExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                paused_type_0 = LiveExpiryPolicy.from_dict(data)

                return paused_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LiveExpiryPolicy | None | Unset, data)

        paused = _parse_paused(d.pop("paused", UNSET))

        def _parse_blocked(data: object) -> LiveExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                blocked_type_0 = LiveExpiryPolicy.from_dict(data)

                return blocked_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LiveExpiryPolicy | None | Unset, data)

        blocked = _parse_blocked(d.pop("blocked", UNSET))

        def _parse_completed(data: object) -> FinalExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                completed_type_0 = FinalExpiryPolicy.from_dict(data)

                return completed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FinalExpiryPolicy | None | Unset, data)

        completed = _parse_completed(d.pop("completed", UNSET))

        def _parse_failed(data: object) -> FinalExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                failed_type_0 = FinalExpiryPolicy.from_dict(data)

                return failed_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FinalExpiryPolicy | None | Unset, data)

        failed = _parse_failed(d.pop("failed", UNSET))

        def _parse_cancelled(data: object) -> FinalExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cancelled_type_0 = FinalExpiryPolicy.from_dict(data)

                return cancelled_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FinalExpiryPolicy | None | Unset, data)

        cancelled = _parse_cancelled(d.pop("cancelled", UNSET))

        def _parse_expired(data: object) -> FinalExpiryPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expired_type_0 = FinalExpiryPolicy.from_dict(data)

                return expired_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FinalExpiryPolicy | None | Unset, data)

        expired = _parse_expired(d.pop("expired", UNSET))

        expiry_patch = cls(
            waiting=waiting,
            active=active,
            paused=paused,
            blocked=blocked,
            completed=completed,
            failed=failed,
            cancelled=cancelled,
            expired=expired,
        )

        return expiry_patch

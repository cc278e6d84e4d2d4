from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ItemAttempt")


@_attrs_define
class ItemAttempt:
    """One attempt of an item."""

    at: int | Unset = UNSET
    """ Time at which it ended; absent if it was not recorded, in milliseconds since 1970. """
    error: str | Unset = UNSET
    """ Error of a failed attempt. """

    def to_dict(self) -> dict[str, Any]:
        at = self.at

        error = self.error

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if at is not UNSET:
            field_dict["at"] = at
        if error is not UNSET:
            field_dict["error"] = error

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        at = d.pop("at", UNSET)

        error = d.pop("error", UNSET)

        item_attempt = cls(
            at=at,
            error=error,
        )

        return item_attempt

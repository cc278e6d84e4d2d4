from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.failure import Failure


T = TypeVar("T", bound="FailureGroup")


@_attrs_define
class FailureGroup:
    fingerprint: str
    count: int
    code: str
    message: str
    """ Common pattern of the messages: # replaces words with digits, <item> the item id. """
    first_time: int
    """ Time of the first failure, in milliseconds since 1970. """
    last_time: int
    """ Time of the last failure, in milliseconds since 1970. """
    example: Failure
    is_at_least: bool
    """ True if the job has more failures than were counted. The others are only in its items. """

    def to_dict(self) -> dict[str, Any]:
        fingerprint = self.fingerprint

        count = self.count

        code = self.code

        message = self.message

        first_time = self.first_time

        last_time = self.last_time

        example = self.example.to_dict()

        is_at_least = self.is_at_least

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "fingerprint": fingerprint,
                "count": count,
                "code": code,
                "message": message,
                "firstTime": first_time,
                "lastTime": last_time,
                "example": example,
                "isAtLeast": is_at_least,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.failure import Failure

        d = dict(src_dict)
        fingerprint = d.pop("fingerprint")

        count = d.pop("count")

        code = d.pop("code")

        message = d.pop("message")

        first_time = d.pop("firstTime")

        last_time = d.pop("lastTime")

        example = Failure.from_dict(d.pop("example"))

        is_at_least = d.pop("isAtLeast")

        failure_group = cls(
            fingerprint=fingerprint,
            count=count,
            code=code,
            message=message,
            first_time=first_time,
            last_time=last_time,
            example=example,
            is_at_least=is_at_least,
        )

        return failure_group

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..models.alarm_status import AlarmStatus, check_alarm_status

T = TypeVar("T", bound="Alarm")


@_attrs_define
class Alarm:
    """A CloudWatch alarm of the deployment, up to a minute old."""

    name: str
    """ Its name in CloudWatch. """
    description: str
    """ Its condition, and the next step. """
    status: AlarmStatus
    """ `unknown`: CloudWatch has not enough data. """
    since: int
    """ Time of the last change of the status, in milliseconds since 1970. """
    reason: str
    """ The reason that CloudWatch gives for the status. """

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        description = self.description

        status: str = self.status

        since = self.since

        reason = self.reason

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "description": description,
                "status": status,
                "since": since,
                "reason": reason,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        name = d.pop("name")

        description = d.pop("description")

        status = check_alarm_status(d.pop("status"))

        since = d.pop("since")

        reason = d.pop("reason")

        alarm = cls(
            name=name,
            description=description,
            status=status,
            since=since,
            reason=reason,
        )

        return alarm

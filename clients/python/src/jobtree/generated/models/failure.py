from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="Failure")


@_attrs_define
class Failure:
    failure_id: str
    """ Id of the failure. The same failure of the same item has the same id. """
    failure_time: int
    """ Time at which it was recorded, in milliseconds since 1970. """
    failure_source: str
    """ Location of the failure: step of a template, batch, chunk and item, as far as they apply; `job` for the
    whole job. """
    failure_message: str
    """ The cause and, where known, what to do next. """
    code: str
    """ Code from the worker or splitter. It is stable, while the message can change. """
    attempts: int
    """ Number of attempts at the item. """
    stack: str | Unset = UNSET
    """ Stack trace, for unexpected errors of the worker. """
    payload_excerpt: str | Unset = UNSET
    """ Beginning of the payload of the item as JSON, up to 4 KB. GET …/items/{i} returns all of it. """

    def to_dict(self) -> dict[str, Any]:
        failure_id = self.failure_id

        failure_time = self.failure_time

        failure_source = self.failure_source

        failure_message = self.failure_message

        code = self.code

        attempts = self.attempts

        stack = self.stack

        payload_excerpt = self.payload_excerpt

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "failureId": failure_id,
                "failureTime": failure_time,
                "failureSource": failure_source,
                "failureMessage": failure_message,
                "code": code,
                "attempts": attempts,
            }
        )
        if stack is not UNSET:
            field_dict["stack"] = stack
        if payload_excerpt is not UNSET:
            field_dict["payloadExcerpt"] = payload_excerpt

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        failure_id = d.pop("failureId")

        failure_time = d.pop("failureTime")

        failure_source = d.pop("failureSource")

        failure_message = d.pop("failureMessage")

        code = d.pop("code")

        attempts = d.pop("attempts")

        stack = d.pop("stack", UNSET)

        payload_excerpt = d.pop("payloadExcerpt", UNSET)

        failure = cls(
            failure_id=failure_id,
            failure_time=failure_time,
            failure_source=failure_source,
            failure_message=failure_message,
            code=code,
            attempts=attempts,
            stack=stack,
            payload_excerpt=payload_excerpt,
        )

        return failure

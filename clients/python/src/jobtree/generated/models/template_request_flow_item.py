from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="TemplateRequestFlowItem")


@_attrs_define
class TemplateRequestFlowItem:
    from_: str
    on: str
    to: list[str] | str
    max_visits: int | Unset = UNSET
    """ Maximum number of visits of `to`. """

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_

        on = self.on

        to: list[str] | str
        if isinstance(self.to, list):
            to = self.to

        else:
            to = self.to

        max_visits = self.max_visits

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "from": from_,
                "on": on,
                "to": to,
            }
        )
        if max_visits is not UNSET:
            field_dict["maxVisits"] = max_visits

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        from_ = d.pop("from")

        on = d.pop("on")

        def _parse_to(data: object) -> list[str] | str:
            try:
                if not isinstance(data, list):
                    raise TypeError()
                to_type_1 = cast(list[str], data)

                return to_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | str, data)

        to = _parse_to(d.pop("to"))

        max_visits = d.pop("maxVisits", UNSET)

        template_request_flow_item = cls(
            from_=from_,
            on=on,
            to=to,
            max_visits=max_visits,
        )

        return template_request_flow_item

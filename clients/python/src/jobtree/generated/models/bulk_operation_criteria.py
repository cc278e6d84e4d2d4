from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BulkOperationCriteria")


@_attrs_define
class BulkOperationCriteria:
    job_id_starts_with: str | Unset = UNSET
    label_exist: str | Unset = UNSET
    filter_: str | Unset = UNSET
    include_hidden: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        job_id_starts_with = self.job_id_starts_with

        label_exist = self.label_exist

        filter_ = self.filter_

        include_hidden = self.include_hidden

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if job_id_starts_with is not UNSET:
            field_dict["jobIdStartsWith"] = job_id_starts_with
        if label_exist is not UNSET:
            field_dict["labelExist"] = label_exist
        if filter_ is not UNSET:
            field_dict["filter"] = filter_
        if include_hidden is not UNSET:
            field_dict["includeHidden"] = include_hidden

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        job_id_starts_with = d.pop("jobIdStartsWith", UNSET)

        label_exist = d.pop("labelExist", UNSET)

        filter_ = d.pop("filter", UNSET)

        include_hidden = d.pop("includeHidden", UNSET)

        bulk_operation_criteria = cls(
            job_id_starts_with=job_id_starts_with,
            label_exist=label_exist,
            filter_=filter_,
            include_hidden=include_hidden,
        )

        return bulk_operation_criteria

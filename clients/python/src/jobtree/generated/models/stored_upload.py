from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="StoredUpload")


@_attrs_define
class StoredUpload:
    id: str
    """ Id of the upload. Jobs refer to it as `upload:<id>`. """
    size_bytes: int
    upload_time: int
    """ Time at which its bytes were stored, in milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        size_bytes = self.size_bytes

        upload_time = self.upload_time

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "sizeBytes": size_bytes,
                "uploadTime": upload_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        size_bytes = d.pop("sizeBytes")

        upload_time = d.pop("uploadTime")

        stored_upload = cls(
            id=id,
            size_bytes=size_bytes,
            upload_time=upload_time,
        )

        return stored_upload

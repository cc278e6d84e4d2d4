from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="StoredUpload")


@_attrs_define
class StoredUpload:
    id: str
    """ Id of the upload. Jobs refer to it as `upload:<id>`. """
    size_bytes: int
    upload_time: int
    """ Time at which its bytes were stored, in milliseconds since 1970. """
    filename: str | Unset = UNSET
    """ Name of the file, if the upload has one. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        size_bytes = self.size_bytes

        upload_time = self.upload_time

        filename = self.filename

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "sizeBytes": size_bytes,
                "uploadTime": upload_time,
            }
        )
        if filename is not UNSET:
            field_dict["filename"] = filename

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        id = d.pop("id")

        size_bytes = d.pop("sizeBytes")

        upload_time = d.pop("uploadTime")

        filename = d.pop("filename", UNSET)

        stored_upload = cls(
            id=id,
            size_bytes=size_bytes,
            upload_time=upload_time,
            filename=filename,
        )

        return stored_upload

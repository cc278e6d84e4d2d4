from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="UploadRequest")


@_attrs_define
class UploadRequest:
    size_bytes: int
    """ Size in bytes. It is part of the signature, so the upload must have exactly this size. """
    filename: str | Unset = UNSET
    """ Name of the file, with any characters. Part of the id in an encoded form. """
    content_type: str | Unset = UNSET
    """ If present, the upload must have this Content-Type. """

    def to_dict(self) -> dict[str, Any]:
        size_bytes = self.size_bytes

        filename = self.filename

        content_type = self.content_type

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "sizeBytes": size_bytes,
            }
        )
        if filename is not UNSET:
            field_dict["filename"] = filename
        if content_type is not UNSET:
            field_dict["contentType"] = content_type

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        size_bytes = d.pop("sizeBytes")

        filename = d.pop("filename", UNSET)

        content_type = d.pop("contentType", UNSET)

        upload_request = cls(
            size_bytes=size_bytes,
            filename=filename,
            content_type=content_type,
        )

        return upload_request

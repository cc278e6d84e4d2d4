from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ResultPart")


@_attrs_define
class ResultPart:
    item_id: str
    filename: str
    mime_type: str
    size_bytes: int | Unset = UNSET
    """ Size in bytes. """
    url: str | Unset = UNSET
    note: str | Unset = UNSET
    """ The reason why `url` is absent. """
    expires_at: int | Unset = UNSET
    """ Time at which the url expires; absent if the part is stored outside the stack, at its own URL, in
    milliseconds since 1970. """

    def to_dict(self) -> dict[str, Any]:
        item_id = self.item_id

        filename = self.filename

        mime_type = self.mime_type

        size_bytes = self.size_bytes

        url = self.url

        note = self.note

        expires_at = self.expires_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "itemId": item_id,
                "filename": filename,
                "mimeType": mime_type,
            }
        )
        if size_bytes is not UNSET:
            field_dict["sizeBytes"] = size_bytes
        if url is not UNSET:
            field_dict["url"] = url
        if note is not UNSET:
            field_dict["note"] = note
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        item_id = d.pop("itemId")

        filename = d.pop("filename")

        mime_type = d.pop("mimeType")

        size_bytes = d.pop("sizeBytes", UNSET)

        url = d.pop("url", UNSET)

        note = d.pop("note", UNSET)

        expires_at = d.pop("expiresAt", UNSET)

        result_part = cls(
            item_id=item_id,
            filename=filename,
            mime_type=mime_type,
            size_bytes=size_bytes,
            url=url,
            note=note,
            expires_at=expires_at,
        )

        return result_part

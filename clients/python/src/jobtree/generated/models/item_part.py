from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.item_part_type import ItemPartType, check_item_part_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.item_part_properties import ItemPartProperties


T = TypeVar("T", bound="ItemPart")


@_attrs_define
class ItemPart:
    """A file of an item, with a link if the partition owns it."""

    type_: ItemPartType
    """ BASE_PART is a file of the item; META is additional data, not a result. """
    filename: str
    mime_type: str
    url: str | Unset = UNSET
    size_bytes: int | Unset = UNSET
    """ Size in bytes. """
    properties: ItemPartProperties | Unset = UNSET
    expires_at: int | Unset = UNSET
    """ Time at which a signed url expires, in milliseconds since 1970. """
    note: str | Unset = UNSET
    """ The reason why `url` is absent. """

    def to_dict(self) -> dict[str, Any]:
        type_: str = self.type_

        filename = self.filename

        mime_type = self.mime_type

        url = self.url

        size_bytes = self.size_bytes

        properties: dict[str, Any] | Unset = UNSET
        if not isinstance(self.properties, Unset):
            properties = self.properties.to_dict()

        expires_at = self.expires_at

        note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "filename": filename,
                "mimeType": mime_type,
            }
        )
        if url is not UNSET:
            field_dict["url"] = url
        if size_bytes is not UNSET:
            field_dict["sizeBytes"] = size_bytes
        if properties is not UNSET:
            field_dict["properties"] = properties
        if expires_at is not UNSET:
            field_dict["expiresAt"] = expires_at
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.item_part_properties import ItemPartProperties

        d = dict(src_dict)
        type_ = check_item_part_type(d.pop("type"))

        filename = d.pop("filename")

        mime_type = d.pop("mimeType")

        url = d.pop("url", UNSET)

        size_bytes = d.pop("sizeBytes", UNSET)

        _properties = d.pop("properties", UNSET)
        properties: ItemPartProperties | Unset
        if isinstance(_properties, Unset):
            properties = UNSET
        else:
            properties = ItemPartProperties.from_dict(_properties)

        expires_at = d.pop("expiresAt", UNSET)

        note = d.pop("note", UNSET)

        item_part = cls(
            type_=type_,
            filename=filename,
            mime_type=mime_type,
            url=url,
            size_bytes=size_bytes,
            properties=properties,
            expires_at=expires_at,
            note=note,
        )

        return item_part

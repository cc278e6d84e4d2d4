from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define as _attrs_define

from ..models.part_type import PartType, check_part_type
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.part_properties import PartProperties


T = TypeVar("T", bound="Part")


@_attrs_define
class Part:
    """A file that belongs to an item."""

    type_: PartType
    """ BASE_PART is a file of the item; META is additional data, not a result. """
    filename: str
    mime_type: str
    key: str | Unset = UNSET
    url: str | Unset = UNSET
    size_bytes: int | Unset = UNSET
    """ Size in bytes. """
    properties: PartProperties | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        type_: str = self.type_

        filename = self.filename

        mime_type = self.mime_type

        key = self.key

        url = self.url

        size_bytes = self.size_bytes

        properties: dict[str, Any] | Unset = UNSET
        if not isinstance(self.properties, Unset):
            properties = self.properties.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "type": type_,
                "filename": filename,
                "mimeType": mime_type,
            }
        )
        if key is not UNSET:
            field_dict["key"] = key
        if url is not UNSET:
            field_dict["url"] = url
        if size_bytes is not UNSET:
            field_dict["sizeBytes"] = size_bytes
        if properties is not UNSET:
            field_dict["properties"] = properties

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.part_properties import PartProperties

        d = dict(src_dict)
        type_ = check_part_type(d.pop("type"))

        filename = d.pop("filename")

        mime_type = d.pop("mimeType")

        key = d.pop("key", UNSET)

        url = d.pop("url", UNSET)

        size_bytes = d.pop("sizeBytes", UNSET)

        _properties = d.pop("properties", UNSET)
        properties: PartProperties | Unset
        if isinstance(_properties, Unset):
            properties = UNSET
        else:
            properties = PartProperties.from_dict(_properties)

        part = cls(
            type_=type_,
            filename=filename,
            mime_type=mime_type,
            key=key,
            url=url,
            size_bytes=size_bytes,
            properties=properties,
        )

        return part

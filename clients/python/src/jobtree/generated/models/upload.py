from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.upload_headers import UploadHeaders


T = TypeVar("T", bound="Upload")


@_attrs_define
class Upload:
    id: str
    """ Id of the upload. Jobs refer to it as `upload:<id>`. """
    url: str
    method: Literal["PUT"]
    headers: UploadHeaders
    """ Headers that the request to the url must have. """
    expires_at: int
    """ Time at which the url expires, in milliseconds since 1970. """
    filename: str | Unset = UNSET
    """ Name of the file, if the upload has one. """

    def to_dict(self) -> dict[str, Any]:
        id = self.id

        url = self.url

        method = self.method

        headers = self.headers.to_dict()

        expires_at = self.expires_at

        filename = self.filename

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "id": id,
                "url": url,
                "method": method,
                "headers": headers,
                "expiresAt": expires_at,
            }
        )
        if filename is not UNSET:
            field_dict["filename"] = filename

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        from ..models.upload_headers import UploadHeaders

        d = dict(src_dict)
        id = d.pop("id")

        url = d.pop("url")

        method = cast(Literal["PUT"], d.pop("method"))
        if method != "PUT":
            raise ValueError(f"method must match const 'PUT', got '{method}'")

        headers = UploadHeaders.from_dict(d.pop("headers"))

        expires_at = d.pop("expiresAt")

        filename = d.pop("filename", UNSET)

        upload = cls(
            id=id,
            url=url,
            method=method,
            headers=headers,
            expires_at=expires_at,
            filename=filename,
        )

        return upload

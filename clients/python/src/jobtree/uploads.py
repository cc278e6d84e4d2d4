"""Uploads and downloads: the bytes are exchanged directly with the bucket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import BinaryIO

_CHUNK_BYTES = 1024 * 1024

UploadSource = str | PathLike[str] | bytes | BinaryIO
"""A path, bytes, or a file that is open for reading in binary mode."""


@dataclass(frozen=True)
class Upload:
    """`source` is `upload:<id>`, the value for `source` in a definition and for the `url` of a part."""

    id: str

    @property
    def source(self) -> str:
        return f"upload:{self.id}"


@dataclass(frozen=True)
class Content:
    """The bytes of an upload. Each iteration starts again, so that a request can be repeated."""

    size_bytes: int
    filename: str | None
    data: bytes | Path | BinaryIO

    def __iter__(self) -> Iterator[bytes]:
        if isinstance(self.data, bytes):
            yield self.data
        elif isinstance(self.data, Path):
            with self.data.open("rb") as file:
                yield from _chunks(file)
        else:
            self.data.seek(0)
            yield from _chunks(self.data)


def content_of(source: UploadSource) -> Content:
    if isinstance(source, bytes):
        return Content(len(source), None, source)
    if isinstance(source, (str, PathLike)):
        path = Path(source)
        return Content(path.stat().st_size, path.name, path)
    name = getattr(source, "name", None)
    filename = Path(name).name if isinstance(name, str) else None
    if source.seekable():
        return Content(source.seek(0, 2), filename, source)
    data = source.read()
    return Content(len(data), filename, data)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK_BYTES):
        yield chunk

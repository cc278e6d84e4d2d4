"""Ids as parts of a path."""


def checked(id: str) -> str:
    """URLs resolve the segments `.` and `..`, even if they are percent-encoded."""
    if id in ("", ".", ".."):
        raise ValueError(f"not a valid id: '{id}'")
    return id

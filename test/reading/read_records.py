"""Encodes generated files and reads them with Python's own modules, csv and json.

Usage: read_records.py FILES RESULTS. FILES is a JSON list of {text, codec, mark, csv?}; RESULTS becomes a JSON list with the
bytes of each file in Base64 and its records. A record of JSON Lines is null if json refuses it, else a list of one value.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import sys
from decimal import Decimal
from typing import Any


def main(files_path: str, results_path: str) -> None:
    csv.field_size_limit(1 << 24)
    with open(files_path, encoding="utf-8") as files:
        results = [read(file) for file in json.load(files)]
    with open(results_path, "w", encoding="ascii") as output:
        json.dump(results, output)


def read(file: dict[str, Any]) -> dict[str, Any]:
    mark = "\ufeff" if file["mark"] else ""
    data = (mark + file["text"]).encode(file["codec"])
    # newline="" leaves line breaks to the csv module, as its documentation requires.
    with io.TextIOWrapper(io.BytesIO(data), encoding=file["codec"], newline="") as text:
        if file["mark"]:
            assert text.read(1) == "\ufeff"
        records = csv_records(text, file["csv"]) if "csv" in file else json_records(text)
    return {"bytes": base64.b64encode(data).decode("ascii"), "records": records}


def csv_records(text: io.TextIOWrapper, form: dict[str, str]) -> list[list[str]]:
    reader = csv.reader(
        text,
        delimiter=form["delimiter"],
        quotechar=form["quote"] or None,
        quoting=csv.QUOTE_MINIMAL if form["quote"] else csv.QUOTE_NONE,
        doublequote=form["escape"] == form["quote"],
        escapechar=None if form["escape"] == form["quote"] else form["escape"],
        strict=True,
    )
    return list(reader)


class Pairs(list):  # type: ignore[type-arg]
    """The members of an object. The last of repeated names counts, as in JavaScript."""


def json_records(text: io.TextIOWrapper) -> list[Any]:
    lines = text.read().replace("\r\n", "\n").split("\n")
    return [json_record(line) for line in lines if line.strip(" \t") != ""]


def json_record(line: str) -> Any:
    try:
        value = json.loads(
            line,
            parse_int=Decimal,
            parse_float=Decimal,
            parse_constant=refuse,
            object_pairs_hook=Pairs,
        )
    except ValueError:
        return None
    return [tagged(value)]


def refuse(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def tagged(value: Any) -> Any:
    """Keeps the digits of numbers, and the difference between a number and a string."""
    if isinstance(value, Pairs):
        return {"object": list({name: [name, tagged(member)] for name, member in value}.values())}
    if isinstance(value, list):
        return {"list": [tagged(member) for member in value]}
    if isinstance(value, Decimal):
        return {"number": exact(value)}
    return {"value": value}


def exact(value: Decimal) -> str:
    sign, digits, exponent = value.as_tuple()
    whole = "".join(map(str, digits)).lstrip("0")
    kept = whole.rstrip("0")
    if kept == "":
        return "0"
    return f"{'-' if sign else ''}{kept}e{int(exponent) + len(whole) - len(kept)}"


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Prints the values of the form fields of PDFs as a JSON list, read by pypdf. Usage: python fields.py <file> …"""
import json
import sys

import pypdf

fields = [field for file in sys.argv[1:] for field in (pypdf.PdfReader(file).get_fields() or {}).values()]
print(json.dumps([str(field.get("/V", "")) for field in fields]))

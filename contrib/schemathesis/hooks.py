"""Steers schemathesis where a schema can't say what a valid request is.

Only the data is steered, just before it is sent; no check is turned off, and no value that the
description calls wrong is mended. See CONTRIBUTING.md for the command.
"""

import re
import uuid

import schemathesis
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation

# As the description has it.
KEY = re.compile(r"[!-~]([ -~]*[!-~])?")

INTEGERS = ("quantity", "period_in_months")


@schemathesis.hook
def before_call(context, case, kwargs):
    leave_token_out(case.query)
    if case.meta is None:
        return
    # A case that is about a header is sent as it is.
    if not case.meta.is_negative_at(ParameterLocation.HEADER):
        renew_key(case.headers)
    if case.meta.generation.mode == GenerationMode.POSITIVE and isinstance(case.body, dict):
        case.body = as_read(case.body)


def leave_token_out(query):
    """A page token is opaque: only the server makes one, and one made up is never taken."""
    if query and isinstance(query.get("page_token"), str):
        del query["page_token"]


def renew_key(headers):
    """A key that was used before for another input is refused, so no key is used twice."""
    key = headers.get("Idempotency-Key") if headers else None
    if isinstance(key, str) and len(key) <= 255 and KEY.fullmatch(key):
        headers["Idempotency-Key"] = str(uuid.uuid4())


def as_read(body):
    """A valid body in the JSON that is read: 7 and not 7.0, and nowhere a U+0000.

    To a schema 7 and 7.0 are the same number. U+0000 is refused also in members that aren't looked
    at, of which a schema says nothing.
    """
    body = without_nul(body)
    for name in INTEGERS:
        if isinstance(body.get(name), float):
            body[name] = int(body[name])
    return body


def without_nul(value):
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [without_nul(item) for item in value]
        case dict():
            return {without_nul(name): without_nul(item) for name, item in value.items()}
        case _:
            return value

"""The shapes of answers for OpenAPI, in pydantic; tests check every answer against them.

Answers are written straight to bytes, so nothing is validated row by row at run time. Every field is always there: what
is not known is null, with a note that says why.
"""

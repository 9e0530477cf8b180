"""Which pseudonyms were erased, told by salted digests alone: a backup made before an erasure must not undo it."""

from sqlalchemy import CheckConstraint, Column, String, Table

from waitlists.store.columns import metadata

erased_pseudonym = Table(
    "erased_pseudonym",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("salt", String(32), nullable=False),
    CheckConstraint("length(digest) = 64 and length(salt) = 32", name="whole"),
)
"""One salt for a database. The digest cannot be read back; of a backup's pseudonyms it tells which to erase again."""

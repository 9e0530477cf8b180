"""Invented identifiers: keyed one-to-one mixes of counters, in letters alone, so that none can be an NHS number.

Enough to look like a sender's keyed hash in demonstrations and tests; it protects nobody, because there is nobody.
"""

from hashlib import blake2b

import numpy as np
import pyarrow as pa

from waitlists.synthetic.kent.referrals import Column

LETTERS_A_LANE = 16


def pseudonyms(counters: Column, *, seed: int, purpose: str, lanes: int = 1) -> pa.Array:
    """A text for each counter: 16 letters from a to p a lane, different for different counters.

    Parameters
    ----------
    purpose : keeps identifiers of one kind apart from those of another
    """
    texts = [_letters(_mixed(counters.astype(np.uint64), _key(seed, f"{purpose} {lane}"))) for lane in range(lanes)]
    wide = np.ascontiguousarray(np.hstack(texts))
    return pa.array(wide.view(f"S{LETTERS_A_LANE * lanes}").ravel()).cast(pa.string())


def _key(seed: int, purpose: str) -> tuple[np.uint64, np.uint64]:
    digest = blake2b(purpose.encode(), key=str(seed).encode(), digest_size=16).digest()
    return np.uint64(int.from_bytes(digest[:8])), np.uint64(int.from_bytes(digest[8:]))


def _mixed(values: Column, key: tuple[np.uint64, np.uint64]) -> Column:
    """Steele, Lea and Flood's splitmix finaliser, twice; each step can be undone, so no two counters meet."""
    for part in key:
        values = values + part
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        values = values ^ (values >> np.uint64(31))
    return values


def _letters(values: Column) -> Column:
    octets = values.astype(">u8").view(np.uint8).reshape(-1, 8)
    halves = np.stack([octets >> 4, octets & 15], axis=-1).reshape(-1, LETTERS_A_LANE)
    return (halves + ord("a")).astype(np.uint8)

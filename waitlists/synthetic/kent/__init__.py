"""A believable Kent and Medway, from one seed: every child's wait on five services and three more, and what is sent.

Pure: tables, rows and bytes come out, and the shell writes files. Levels, flows, bands, seasons and growth follow the
published figures where there are any; nothing here resembles a child. See `lists` for what was guessed.
"""

from waitlists.synthetic.kent.counting import CensusRow, band_census
from waitlists.synthetic.kent.dirt import Spoiled, spoiled
from waitlists.synthetic.kent.extract import extract
from waitlists.synthetic.kent.files import OURS, Dialect, texts, to_csv
from waitlists.synthetic.kent.foreign import FOREIGN, FOREIGN_PROVIDER, foreign_mapping
from waitlists.synthetic.kent.lists import HELD, LISTS, PROVIDERS, SERVICES, SUCCESSIONS
from waitlists.synthetic.kent.planted import planted
from waitlists.synthetic.kent.population import Population, population
from waitlists.synthetic.kent.returns import (
    Delivery,
    ReturnRow,
    deliveries,
    is_sent,
    return_csv,
    weekly_return,
    weekly_returns,
)
from waitlists.synthetic.kent.sent import DIRTY_PROVIDER, SentFile, sent_extracts, sent_returns

__all__ = [
    "DIRTY_PROVIDER",
    "FOREIGN",
    "FOREIGN_PROVIDER",
    "HELD",
    "LISTS",
    "OURS",
    "PROVIDERS",
    "SERVICES",
    "SUCCESSIONS",
    "CensusRow",
    "Delivery",
    "Dialect",
    "Population",
    "ReturnRow",
    "SentFile",
    "Spoiled",
    "band_census",
    "deliveries",
    "extract",
    "foreign_mapping",
    "is_sent",
    "planted",
    "population",
    "return_csv",
    "sent_extracts",
    "sent_returns",
    "spoiled",
    "texts",
    "to_csv",
    "weekly_return",
    "weekly_returns",
]

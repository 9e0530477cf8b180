"""A believable Kent and Medway, from one seed: every child's wait on five services and three more, and what is sent.

Pure: tables, rows and bytes come out, and the shell writes files. Levels, flows, bands, seasons and growth follow the
published figures where there are any; nothing here resembles a child. See `lists` for what was guessed.
"""

from waitlists.synthetic.kent.extract import extract
from waitlists.synthetic.kent.lists import PROVIDERS, SERVICES
from waitlists.synthetic.kent.population import Population, population

__all__ = ["PROVIDERS", "SERVICES", "Population", "extract", "population"]

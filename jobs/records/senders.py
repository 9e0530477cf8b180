"""Whose a file is, and of what, that is refused or held: by its mapping, its rows or its name, in codes of registers.

A name may say anything of anybody, so nothing of it is taken over but what the register has.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from jobs.files import Refusal
from jobs.records.mappings import NamedMapping
from waitlists.deliveries.unread import Sender, registered, senders_named
from waitlists.ingest.referral_codes import PROVIDER
from waitlists.ingest.referral_delivery import FileFacts
from waitlists.services import SERVICES
from waitlists.store.referral_deliveries import SOURCE

_SERVICE = re.compile(rf"(?<![A-Z0-9])(?:{'|'.join(sorted(SERVICES, key=len, reverse=True))})(?![A-Z0-9])")


def sent_by(facts: FileFacts) -> Sender:
    """Whose records a file holds that was read."""
    services = tuple(sorted({service for _, service in facts.open_by_list}))
    return Sender(SOURCE, registered(facts.providers), services, facts.snapshot_date)


def sent_under(named: NamedMapping) -> Sender:
    """Whose records a file holds that could not be read under a mapping: that says it where it is of one provider."""
    return Sender(SOURCE, registered([named.mapping.constants.get(PROVIDER, "")]))


def with_sender(item: Refusal, mappings: Sequence[NamedMapping]) -> Refusal:
    """The refusal of a file with whose it is by its name, where nothing else said it.

    A name begins with that of its mapping, or has the codes of its provider and services as words, in capitals.
    """
    services = item.sender.services or tuple(sorted(set(_SERVICE.findall(item.name))))
    item = replace(item, sender=item.sender._replace(services=services))
    if item.sender.providers:
        return item
    begun = [one for one in mappings if item.name.lower().startswith(one.name.lower())]
    longest = max(begun, key=lambda one: len(one.name), default=None)
    by_mapping = sent_under(longest).providers if longest else ()
    providers = by_mapping or senders_named(item.name)
    return replace(item, sender=item.sender._replace(providers=providers))

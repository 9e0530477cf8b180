"""What is kept of an extract's chunks until the file is judged as a whole, and the batches that come of it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from waitlists.ingest.referral_codes import PROVIDER
from waitlists.ingest.referral_delivery import REJECTED_SCHEMA, Batch
from waitlists.ingest.referral_identity import repeats
from waitlists.ingest.referral_raw import kept_texts, unidentified
from waitlists.ingest.referral_rule_facts import EXCLUSIONS, NOTE, RULES
from waitlists.ingest.referral_rules import Verdict, judged, oddities
from waitlists.ingest.referral_source import Rows
from waitlists.ingest.referral_words import Flags, Words
from waitlists.record.schema import IDENTITY, SCHEMA, SENT

SAMPLED = 2_000
"""Rows from all over a file that are looked up before any is stored."""
ENDS = ("clock_stop_date", "service_discharge_date", "referral_rejection_date")
_SAMPLED_FIELDS = [
    *IDENTITY, "pseudonym_id", "service", "waiting_for",
    "referral_request_received_date", "original_referral_request_received_date",
    "first_care_contact_date", "plan_or_intervention_date", "assessment_started_date", "equipment_delivered_date",
]  # fmt: skip
_RULE_IDS = np.array(["", *RULES])
_FIELDS = np.array(SENT)
_WHOSE = frozenset({*IDENTITY, "pseudonym_id"})
"""What stays of a row that holds an NHS number: by it the referral is not taken for absent, and can be erased."""

_IS_EXCLUSION = np.array([False, *(rule in EXCLUSIONS for rule in RULES)])


@dataclass(frozen=True, slots=True)
class Kept:
    """A chunk sorted into good rows (codes still as dictionaries), rejected ones, and counts of the rest.

    `others` are the identities of rows that are not taken, `odd` counts rows by remark and field.
    """

    records: pa.Table
    rows: Rows
    rejected: pa.Table
    others: pa.Table
    excluded: Counter[str]
    odd: Counter[tuple[str, str]]
    copies: int = 0

    @property
    def read(self) -> int:
        """Rows of the file that the chunk stands for."""
        return self.records.num_rows + self.rejected.num_rows + self.excluded.total() + self.copies


def sorted_out(words: Words, broken: Sequence[int], *, notes: int = 0) -> Kept:
    """A chunk judged row by row; `broken` are the numbers of rows that could not be taken apart.

    So many `notes` stood below it.
    """
    verdict = judged(words)
    is_good, is_excluded = verdict.rule == 0, _IS_EXCLUSION[verdict.rule]
    is_bad = ~is_good & ~is_excluded
    records = words.records()
    rejected = pa.concat_tables([_rejected_by(verdict, words, is_bad), _broken(broken)])
    odd = Counter({(one.rule, one.field): n for one in oddities(words) if (n := int((one.rows & is_good).sum()))})
    if lost := unidentified(rejected).num_rows:
        odd["W_UNIDENTIFIED", IDENTITY[1]] = lost
    return Kept(
        records if is_good.all() else records.filter(pa.array(is_good)),
        words.rows[is_good],
        rejected,
        _texts(words, ~is_good, IDENTITY),
        Counter[str](_RULE_IDS[verdict.rule[is_excluded]].tolist()) + Counter({NOTE: notes}),
        odd,
    )


def _rejected_by(verdict: Verdict, words: Words, is_bad: Flags) -> pa.Table:
    rules, fields = _RULE_IDS[verdict.rule[is_bad]], _FIELDS[verdict.field[is_bad]]
    texts = kept_texts(_texts(words, is_bad, SENT))
    tells = pa.array(rules == "R_IDENTIFIER")
    if pc.any(tells).as_py():
        nothing = pa.scalar(None, pa.string())
        columns = {name: texts[name] if name in _WHOSE else pc.if_else(tells, nothing, texts[name]) for name in SENT}
        texts = pa.table(columns)
    return _rejected(words.rows[is_bad], rules, fields, texts)


def _texts(words: Words, chosen: Flags, names: Sequence[str]) -> pa.Table:
    # Most chunks have no bad row at all, and forty columns of nothing take their time too.
    if not chosen.any():
        return pa.schema([(name, pa.string()) for name in names]).empty_table()
    return pa.table({name: words.text(name, chosen) for name in names})


def without_repeats(kept: Sequence[Kept]) -> list[Kept]:
    """The same chunks, copies of a row dropped and counted, rows that contradict another one rejected."""
    found = repeats([one.records for one in kept], [one.others for one in kept])
    if not (found.copies.any() or found.clashes.any()):
        return list(kept)
    ends = np.cumsum([one.records.num_rows for one in kept])[:-1]
    flags = zip(kept, np.split(found.copies, ends), np.split(found.clashes, ends), strict=True)
    return [_without(one, copies, clashes) for one, copies, clashes in flags]


def batches(kept: Sequence[Kept]) -> Iterator[Batch]:
    """Chunks as batches: dictionaries turned into texts, rejected rows in file order."""
    for one in kept:
        yield Batch(one.records.cast(SCHEMA), one.rejected.sort_by("row"))


def _without(one: Kept, copies: Flags, clashes: Flags) -> Kept:
    if not (copies.any() or clashes.any()):
        return one
    clashing = one.records.filter(pa.array(clashes)).cast(SCHEMA)
    count = clashing.num_rows
    rejected = _rejected(
        one.rows[clashes],
        np.full(count, "R_DUPLICATE_IDENTITY"),
        np.full(count, IDENTITY[1]),
        pa.table({name: clashing[name].cast(pa.string()) for name in SENT}),
    )
    stays = ~(copies | clashes)
    return replace(
        one,
        records=one.records.filter(pa.array(stays)),
        rows=one.rows[stays],
        rejected=pa.concat_tables([one.rejected, rejected]),
        copies=int(copies.sum()),
    )


def _rejected(rows: Rows, rules: object, fields: object, texts: pa.Table) -> pa.Table:
    named = [pa.array(rows), pa.array(rules, pa.string()), pa.array(fields, pa.string())]
    return pa.table([*named, *texts.columns], schema=REJECTED_SCHEMA)


def _broken(rows: Sequence[int]) -> pa.Table:
    nothing = pa.nulls(len(rows), pa.string())
    numbers = np.array(rows, np.int64)
    return _rejected(numbers, ["R_CELLS"] * len(rows), nothing, pa.table(dict.fromkeys(SENT, nothing)))


def counted(kept: Sequence[Kept], name: str) -> Counter[str]:
    """How many good rows hold each text of a field of codes."""
    found: Counter[str] = Counter()
    for one in kept:
        for pair in one.records[name].cast(SCHEMA.field(name).type).value_counts().to_pylist():
            found[pair["values"]] += pair["counts"]
    return found


def filled(kept: Sequence[Kept], names: Collection[str]) -> dict[str, dict[str, int]]:
    """How many rows say something in each of some fields, those that broke a rule among them, by provider.

    Of a file of one provider every row is its own, whosever a row that broke a rule says it is.
    """
    tables = [table for one in kept for table in (one.records, one.rejected)]
    providers = sorted(counted(kept, PROVIDER))
    if len(providers) == 1:
        return {providers[0]: _filled(tables, names)}
    whose = [(table, table[PROVIDER].cast(pa.string())) for table in tables]
    return {
        provider: _filled([table.filter(pc.equal(texts, provider)) for table, texts in whose], names)
        for provider in providers
    }


def _filled(tables: Iterable[pa.Table], names: Collection[str]) -> dict[str, int]:
    found = Counter[str]()
    for table in tables:
        found.update({name: table.num_rows - table[name].null_count for name in names})
    return dict(found)


def sample_of(kept: Sequence[Kept]) -> pa.Table:
    """Some good rows whose referral still waits, from all over the file: whose it is, of which list, since when."""
    step = max(1, sum(one.records.num_rows for one in kept) // SAMPLED)
    names = [*_SAMPLED_FIELDS, *ENDS]
    parts = [one.records.select(names).take(np.arange(0, one.records.num_rows, step)) for one in kept]
    rows = pa.concat_tables(part.cast(pa.schema([SCHEMA.field(name) for name in names])) for part in parts)
    return rows.filter(pc.invert(_is_over(rows))).select(_SAMPLED_FIELDS)


def open_by_list(kept: Sequence[Kept]) -> Counter[tuple[str, str]]:
    """Good rows whose referral still waits by the sender's own dates, by provider and service."""
    found: Counter[tuple[str, str]] = Counter()
    for one in kept:
        waiting = one.records.select([IDENTITY[0], "service"]).filter(pc.invert(_is_over(one.records)))
        texts = waiting.cast(pa.schema([SCHEMA.field(name) for name in waiting.column_names]))
        for row in texts.group_by(texts.column_names).aggregate([([], "count_all")]).to_pylist():
            found[row[IDENTITY[0]], row["service"]] += row["count_all"]
    return found


def _is_over(records: pa.Table) -> pa.ChunkedArray:
    first, second, third = (pc.is_valid(records[name]) for name in ENDS)
    return pc.or_(pc.or_(first, second), third)

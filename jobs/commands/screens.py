"""What people see in a terminal: a table of files, findings grouped so that they can be read, bars for long work.

Everything here goes from an outcome to text; nothing is decided. `--json` prints the outcome itself instead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from jobs.outcomes import SEVERITIES, TAKEN, FileOutcome, LoadOutcome, Progress
from jobs.status import StatusOutcome
from waitlists.alerts import backup_told
from waitlists.domain import Finding, Severity
from waitlists.organisations import ORGANISATIONS
from waitlists.periods import in_words, london_time
from waitlists.services import SERVICES
from waitlists.sources import freq_of

if TYPE_CHECKING:
    from collections.abc import Generator

SHOWN_IN_FULL = 12
"""Sentences of one severity shown before the rest is only counted; `--verbose` shows all."""

PIPE_WIDTH = 160

WORDS = {
    FileOutcome.LOADED: "loaded",
    FileOutcome.ALREADY: "already there",
    FileOutcome.REFUSED: "refused",
    FileOutcome.HELD: "HELD",
}
TITLES = {
    Severity.ERROR: "Errors: figures not to be used",
    Severity.WARNING: "Warnings: figures to be read with care",
    Severity.INFO: "Notes",
}
STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "dim"}


def console(*, error: bool = False) -> Console:
    """A terminal to print to; plain text where the output is no terminal."""
    found = Console(stderr=error, highlight=False, soft_wrap=True)
    # A file or a pipe has no width of its own; a table squeezed into a guess would lose words.
    return found if found.is_terminal else Console(stderr=error, highlight=False, soft_wrap=True, width=PIPE_WIDTH)


def load_screen(outcome: LoadOutcome, *, verbose: bool) -> RenderableType:
    """The whole answer of a load: files, refusals, findings, and what readers now see."""
    parts: list[RenderableType] = [_files(outcome.files)]
    parts += [Text(f"{item.name}: {item.reason}", style="red") for item in outcome.with_status(FileOutcome.REFUSED)]
    parts += [Text(_held(item), style="bold red") for item in outcome.with_status(FileOutcome.HELD)]
    parts += [Text(_records(item)) for item in outcome.with_status(FileOutcome.LOADED) if "taken" in item.counts]
    parts += [Text(note, style="yellow") for note in outcome.notes]
    findings = [(finding, item.source) for item in outcome.files for finding in item.findings]
    for severity in SEVERITIES:
        parts += _findings([item for item in findings if item[0].severity == severity], severity, verbose=verbose)
    parts.append(Text(_closing(outcome)))
    return Group(*parts)


def status_screen(outcome: StatusOutcome) -> RenderableType:
    """What needs a person first, then how old the figures are and what ran."""
    needs = [Text(f"  {need.sentence}", style="yellow") for need in outcome.needs]
    head = Text("Needs a person:", style="bold") if needs else Text("Nothing needs a person.")
    notes = [Text(note.sentence) for note in outcome.notes]
    sources = Table("Source", "Newest figures", "Known from", "Loaded", box=None, header_style="bold", pad_edge=False)
    for source in outcome.sources:
        name = f"{source.source} (synthetic)" if source.is_synthetic else source.source
        sources.add_row(
            name,
            in_words(source.period_end, freq_of(source.source)),
            day(source.known_from),
            day(source.received_at.date()),
        )
    runs = Table("Run", "Command", "As of", "Started (UTC)", "Result", box=None, header_style="bold", pad_edge=False)
    for run in outcome.runs:
        runs.add_row(str(run.id), run.command, day(run.as_of), f"{run.started_at:%d %B %Y %H:%M}", run.status)
    version = outcome.dataset_version
    closing = f"Readers see dataset version {version}." if version else "Nothing was published yet."
    slots = [Text(line) for line in _slots(outcome)]
    kept = [*notes, Text(_mail(outcome)), Text(backup_told(outcome.backup_at, outcome.restored_of)), Text(closing)]
    return Group(head, *needs, Text(), sources, Text(), runs, Text(), *slots, *kept)


def _slots(outcome: StatusOutcome) -> Iterable[str]:
    """The newest slot of each job of the clock, and every one that runs."""
    for job, slots in outcome.slots.items():
        for place, one in enumerate(slots):
            if not place or one.lease_until:
                yield f"The {job} job of {day(one.slot)}: {one.state.value}."
            if one.since and one.lease_until:
                free = london_time(one.lease_until)
                yield f"  Begun at {london_time(one.since)}; no other process may take it before {free}."


def _mail(outcome: StatusOutcome) -> str:
    return f"Mail waiting: {outcome.mail.queued:,}; given up in the last week: {outcome.mail.dead:,}."


def in_full(finding: Finding, *, source: str | None = None) -> str:
    """A finding with the list and the week or month it is about: its sentence alone is read beside a figure."""
    service, place = SERVICES.get(finding.service or ""), ORGANISATIONS.get(finding.org or "")
    about = (service.label if service else finding.service, place.name if place else finding.org)
    when = in_words(finding.period_end, freq_of(source or ""))
    return f"{', '.join(text for text in (*about, when) if text)}: {finding.sentence}"


def day(value: date | None) -> str:
    """A date in words, or nothing: 15 May 2025."""
    return f"{value.day} {value:%B %Y}" if value else ""


def _held(item: FileOutcome) -> str:
    return (
        f"HELD, nothing of it is loaded: {item.name}: {item.reason}. Ask its sender; if it is right, run "
        "`waitlists load --approve --reason WHY` with the same file and mapping."
    )


def _records(item: FileOutcome) -> str:
    said = ", ".join(f"{count:,} {name}" for name, count in item.counts.items() if count)
    where = "`waitlists quarantine list` says by which rule and field." if item.counts.get("quarantined") else ""
    return " ".join(filter(None, (f"{item.name}: {said}.", where, item.reason)))


def _files(files: Sequence[FileOutcome]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("File", "Figures until", "Published", "Result"):
        table.add_column(heading, overflow="fold")
    for heading in ("Figures", "Blank", "*", "Quarantined", "Errors", "Warnings", "Notes"):
        table.add_column(heading, justify="right", no_wrap=True)
    for item in files:
        table.add_row(*_file(item))
    return table


def _file(item: FileOutcome) -> list[str]:
    result = WORDS[item.status] + (f" ({item.code})" if item.code else " in part" if item.put_aside else "")
    head = [escape(text) for text in (item.name, _until(item), str(item.published_on or ""), result)]
    if item.status != FileOutcome.LOADED:
        return head
    figures = sum(item.counts.get(name, 0) for name in TAKEN if name != "suppressed") - item.left
    counts = [figures, *(item.counts.get(name, 0) for name in ("not_submitted", "suppressed", "quarantined"))]
    return [*head, *(f"{count:,}" for count in (*counts, *item.by_severity().values()))]


Found = tuple[Finding, str | None]
"""A finding, and the source of the file it was found in."""


def _until(item: FileOutcome) -> str:
    """The month that a file is about, or the day its newest week ends."""
    if item.period_end is None:
        return ""
    month = f"{item.period_end:%b %Y}"
    return f"{item.period_end.day} {month}" if freq_of(item.source or "") == "W" else month


def _findings(findings: Sequence[Found], severity: Severity, *, verbose: bool) -> Iterable[RenderableType]:
    """The newest periods first, at most a dozen sentences, then how many there are of each kind."""
    if not findings:
        return
    yield Text(f"\n{TITLES[severity]} ({len(findings):,})", style=STYLES[severity])
    newest_first = sorted(findings, key=lambda item: (item[0].period_end, item[0].code), reverse=True)
    shown = newest_first if verbose else [] if severity == Severity.INFO else _one_of_each(newest_first)
    for finding, source in shown:
        yield Text(f"  {in_full(finding, source=source)}")
    if len(shown) < len(newest_first):
        yield _kinds(finding for finding, _ in findings)


def _one_of_each(findings: Sequence[Found]) -> list[Found]:
    """Sentences of every kind in turn, so that one frequent kind does not hide the others."""
    by_code: dict[str, list[Found]] = defaultdict(list)
    for found in findings:
        by_code[found[0].code].append(found)
    rounds = ((place, code) for place in range(SHOWN_IN_FULL) for code in sorted(by_code))
    taken = [by_code[code][place] for place, code in rounds if place < len(by_code[code])]
    return taken[:SHOWN_IN_FULL]


def _kinds(findings: Iterable[Finding]) -> Text:
    counted: dict[str, int] = defaultdict(int)
    for finding in findings:
        counted[finding.code] += 1
    kinds = ", ".join(f"{code} {count:,}" for code, count in sorted(counted.items(), key=lambda pair: -pair[1]))
    return Text(f"  in all: {kinds} (--verbose shows every sentence, --json every fact)", style="dim")


def _closing(outcome: LoadOutcome) -> str:
    loaded, already = (len(outcome.with_status(status)) for status in (FileOutcome.LOADED, FileOutcome.ALREADY))
    refused = len(outcome.with_status(FileOutcome.REFUSED))
    held = len(outcome.with_status(FileOutcome.HELD))
    in_part = sum(item.put_aside > 0 for item in outcome.files)
    said = f"\n{loaded} loaded{f' ({in_part} in part)' if in_part else ''}, {already} already there, {refused} refused"
    said += f", {held} held for approval." if held else "."
    if outcome.dataset_version is None:
        return f"{said} Nothing new was published."
    return f"{said} Readers now see dataset version {outcome.dataset_version}."


@contextmanager
def progress_bars(*, is_shown: bool = True) -> "Generator[Callable[[Progress], None]]":
    """A function that draws each step's progress on standard error, while the block runs."""
    from rich import progress

    columns = (
        progress.TextColumn("{task.description:<12}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TextColumn("{task.fields[name]}", style="dim"),
    )
    tasks: dict[str, progress.TaskID] = {}
    with progress.Progress(*columns, console=console(error=True), disable=not is_shown) as bars:

        def draw(step: Progress) -> None:
            if step.total == 0:
                return
            if step.step not in tasks:
                tasks[step.step] = bars.add_task(step.step, total=step.total, name="")
            # What is no terminal is a log, and names of files have no place in one.
            name = escape(step.name) if bars.console.is_terminal else ""
            bars.update(tasks[step.step], completed=step.done, total=step.total, name=name)

        yield draw

"""Mail as files in a folder, where no mail server is named: each whole or not there, readable by its owner alone."""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from jobs.mail.letters import Answer, Fate, Letter


@dataclass(frozen=True, slots=True)
class FolderSender:
    """Writes each mail as an .eml file that mail programs open; the same mail again is the same file."""

    folder: Path

    def send(self, letter: Letter) -> Answer:
        """Whether the file is there."""
        half = self.folder / f".{letter.name}.part"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(half, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
                file.write(letter.content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(self.folder / f"{letter.name}.eml")
        except OSError as error:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            return Answer(Fate.LATER, f"the outbox folder: {error.strerror}"[:80], is_about_server=True)
        return Answer(Fate.SENT)

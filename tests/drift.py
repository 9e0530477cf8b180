"""Does the migrated schema equal store/tables.py? A new SQLite file is migrated and `alembic check` compares."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "WAITLISTS_DATABASE_URL": f"sqlite:///{folder}/drift.db"}
        for command in (["upgrade", "head"], ["check"]):
            words = [sys.executable, "-m", "alembic", *command]
            run = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            if run.returncode:
                print(f"schema drift: alembic {' '.join(command)} failed\n{run.stdout}{run.stderr}")
                return 1
    print("schema: migrations and tables.py agree")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`python -m jobs` is the command `waitlists`, for a folder that is not installed."""

from jobs.cli import main

main()

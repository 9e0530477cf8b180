"""The version of this project, as `waitlists --version` and the answers of `waitlists analyse` say it."""

from importlib import metadata


def version() -> str:
    """The installed version, or that it runs from its folder without being installed."""
    try:
        return metadata.version("waitlists")
    except metadata.PackageNotFoundError:
        return "(run from its folder, not installed)"

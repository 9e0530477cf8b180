"""Schemathesis against the application and against a running server: all checks, no failure, never a 5xx."""

from schemathesis.checks import load_all_checks

load_all_checks()

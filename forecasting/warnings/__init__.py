"""Breach warnings: which lists have, or soon have, children past a standard; said once and kept until it is over.

`warning` holds what a warning is, `watched` which thresholds are watched, `assess` what figures say, `severity` how
much it matters, `life` what becomes of it from week to week, `words` what it says. docs/methods.md, breach warnings.
"""

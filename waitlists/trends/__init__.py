"""Whether a series has really changed: process control charts, rules, adjusted charts and verdicts in words.

`judging.judge` is the way in. Nothing here reads or writes; docs/methods.md, section (c), has rules and sources.
"""

"""The weekly email: read, put into words, set, queued, sent."""

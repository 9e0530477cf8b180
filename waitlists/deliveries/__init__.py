"""A delivery of records meets those kept: what changed, what moved to another provider, and what a person decides."""

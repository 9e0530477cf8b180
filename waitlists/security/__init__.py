"""Who may see what, and the trace of every look: roles, keys, sessions, audit, requests done once."""

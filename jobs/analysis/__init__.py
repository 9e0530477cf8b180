"""The commands that analyse a file of one's own, without a database."""

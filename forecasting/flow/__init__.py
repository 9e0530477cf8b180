"""The waiting list as a flow: who joins, who leaves, and when a list has cleared."""

"""The edge where numbers leave: exact for those whose figures they are, after disclosure control for everybody else."""

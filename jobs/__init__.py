"""What a person or the clock starts: commands, and the plain functions they call with an engine, a clock and a date."""

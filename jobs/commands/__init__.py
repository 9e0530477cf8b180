"""The commands, one file a group, and what they print: words and screens only, the work is done elsewhere."""

"""The canonical referral record: names, words and types of its fields, their allowed values, and what is derived."""

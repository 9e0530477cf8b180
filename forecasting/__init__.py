"""What may happen next to a waiting list: forecasts with their ranges, how they are scored, and when a list clears."""

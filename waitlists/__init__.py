"""What a waiting list is, how it arrives, where it is kept and whether it changed. Nothing here knows what may happen next."""

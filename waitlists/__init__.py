"""What a waiting list is, how it arrives, where it is kept, whether it changed; nothing of what may happen next."""

"""Who gets which mail, from where, through which server, and what is on its way."""

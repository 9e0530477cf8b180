"""How figures arrive: files taken, workbooks read, each source parsed by its own contract."""

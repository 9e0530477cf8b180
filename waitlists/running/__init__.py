"""The week as the clock sees it: slots, working days, leases, what is expected when, backups."""

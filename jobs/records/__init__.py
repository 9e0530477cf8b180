"""Referral extracts: read through a mapping, gated, stored, counted, put aside, erased."""

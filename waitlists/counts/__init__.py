"""From referrals to stored counts, and from stored counts to histories and sums."""

"""The questions the API answers: one file a resource, each with its `router`."""

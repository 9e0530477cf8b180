"""The demonstration: a believable Kent and Medway written, loaded, forecast, warned of and asked about."""

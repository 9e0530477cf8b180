"""The forecasting models, one file each, behind the protocol of `base`; heavy libraries load when first used."""

"""The page of socket calls by hand: descriptors and lamps, one call at a time, options, exceptions. Imports nothing."""

"""The pages of the Start panel."""

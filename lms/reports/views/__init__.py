"""Pages of reports: asking for them, preparing, signing and returning them."""

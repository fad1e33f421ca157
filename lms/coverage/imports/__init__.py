"""Files of evidence, courses and targets (docs/contract.md): all their faults at once, or all of it."""

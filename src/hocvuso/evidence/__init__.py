"""The ledger, milestones, the projector and daily seals. Face: evidence.public, evidence.signals."""

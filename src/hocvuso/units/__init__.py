"""Units: every body that answers for people, in one tree model with several lines. Face: units.public, units.signals."""

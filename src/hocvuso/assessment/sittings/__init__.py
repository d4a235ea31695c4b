"""Tests under somebody's eyes: in a room, spoken, observed; on the assessor's phone also without a network."""

"""Paths, progress and the intake of activities from devices. Face: learning.public, learning.signals."""

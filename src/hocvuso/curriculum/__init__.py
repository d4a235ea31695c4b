"""Frameworks, courses, lessons, practices, questions, immutable releases. Face: curriculum.public, curriculum.signals."""

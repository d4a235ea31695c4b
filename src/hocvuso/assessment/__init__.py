"""Policies, item bank, attempts, scoring. Face: assessment.public, assessment.signals."""

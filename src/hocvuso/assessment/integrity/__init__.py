"""Integrity of results: what stands out is looked at again by a person; nothing is taken from anybody by a rule."""

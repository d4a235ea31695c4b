"""Officers' pages of reports."""

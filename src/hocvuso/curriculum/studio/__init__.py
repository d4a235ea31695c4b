"""Pages of the studio beside Wagtail's own: what needs care, files in and out, translations."""

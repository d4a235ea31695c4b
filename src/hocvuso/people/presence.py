"""What an officer's session notes: that it is one, and when its owner last looked at a page (seconds since 1970)."""

OFFICER = "people_officer"
SEEN_AT = "people_seen_at"

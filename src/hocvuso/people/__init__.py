"""People, accounts, groups, memberships, mandates, consents. Face: people.public, people.signals."""

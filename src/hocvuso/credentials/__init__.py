"""Certificates, verification, revocation, confirmation, hand-over to VNeID. Face: credentials.public, credentials.signals."""

"""The ground under every room: ids, clock and periods, Vietnamese text, crypto, audit trail, documents. No domain words.

Import its modules directly; it has no insides to hide.
"""

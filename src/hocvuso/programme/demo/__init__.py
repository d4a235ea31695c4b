"""A believable city for trying the system: pure generators (names, city, story) and what writes them (build, accounts).

Everybody and every organisation in it is invented; only the wards and their codes are real. Same seed, same rows.
"""

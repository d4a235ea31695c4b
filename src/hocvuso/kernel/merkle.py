"""A Merkle tree over SHA-256 digests, leaves and nodes told apart as in RFC 6962."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

EMPTY_ROOT = hashlib.sha256(b"").hexdigest()


def merkle_root(leaves: Iterable[str]) -> str:
    """64 hex digits: the root over leaves given as hex digests, in their order. No leaves give the hash of nothing.

    Memory grows with the depth of the tree, not with the number of leaves.
    """
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        node = (0, hashlib.sha256(b"\x00" + bytes.fromhex(leaf)).digest())
        while peaks and peaks[-1][0] == node[0]:
            height, left = peaks.pop()
            node = (height + 1, hashlib.sha256(b"\x01" + left + node[1]).digest())
        peaks.append(node)
    if not peaks:
        return EMPTY_ROOT
    _, root = peaks.pop()
    while peaks:
        root = hashlib.sha256(b"\x01" + peaks.pop()[1] + root).digest()
    return root.hex()

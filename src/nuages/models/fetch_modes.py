"""What happens when a value or related object is read that the query left out; see "Fetch modes"."""

from __future__ import annotations

from typing import Any

from nuages.exceptions import FieldFetchBlocked


class FetchMode:
    """How missing values are loaded. `fetcher` is the descriptor that misses one."""

    track_peers = False

    def fetch(self, fetcher: Any, instance: Any) -> None:
        """Load what `fetcher` needs for `instance`."""
        raise NotImplementedError("A fetch mode must define fetch().")


class FetchOne(FetchMode):
    """Loads for this one instance."""

    def fetch(self, fetcher: Any, instance: Any) -> None:
        fetcher.fetch_one(instance)

    def __reduce__(self) -> str:
        return "FETCH_ONE"


class FetchPeers(FetchMode):
    """Loads for all living instances that came from the same query."""

    track_peers = True

    def fetch(self, fetcher: Any, instance: Any) -> None:
        peers = [peer for reference in instance._state.peers if (peer := reference()) is not None]
        if len(peers) > 1:
            fetcher.fetch_many(peers)
        else:
            fetcher.fetch_one(instance)

    def __reduce__(self) -> str:
        return "FETCH_PEERS"


class FetchRaise(FetchMode):
    """Refuses: raises FieldFetchBlocked."""

    def fetch(self, fetcher: Any, instance: Any) -> None:
        owner, name = type(instance).__qualname__, fetcher.field.name
        raise FieldFetchBlocked(f"Fetching of {owner}.{name} blocked.") from None

    def __reduce__(self) -> str:
        return "FETCH_RAISE"


FETCH_ONE = FetchOne()
FETCH_PEERS = FetchPeers()
FETCH_RAISE = FetchRaise()

"""What the use cases ask of histories in the store: states, older states, transitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from monitor.domain.derivation import Change, Checkpoint
    from monitor.domain.records import StoredState, StoredTransition
    from monitor.domain.time import Instant
    from monitor.domain.transition import Transition


class HistoryReader(Protocol):
    def checkpoints(self, commitment: str) -> Sequence[Checkpoint]:
        """The older states of a commitment that are kept, in order."""
        ...

    def states(self, commitments: Sequence[str] | None = None) -> Mapping[str, StoredState]:
        """Those that exist; None: all."""
        ...

    def assessed_by(self) -> Mapping[str, str]:
        """By commitment, the hash of the rules that it was last assessed by, as `states` has it."""
        ...

    def due(self, now: Instant, watched_until: Mapping[str, Instant]) -> Sequence[str]:
        """Those with due_clock <= now or due_watched <= min(now, watched_until[watch]).

        By index: the cost follows the number of rows returned, not of rows stored.
        """
        ...

    def transitions(
        self,
        commitments: Sequence[str] | None = None,
        *,
        since: Instant | None = None,
        until: Instant | None = None,
        known_at: Instant | None = None,
        withdrawn: bool = False,
    ) -> Sequence[StoredTransition]:
        """Ordered by commitment, instant, then recording. `until` belongs to what is asked for.

        Without `known_at` those that stand now, with it those that stood then; `withdrawn` True:
        all, whenever they stood.
        """
        ...

    def standing_changes(self, commitment: str) -> Sequence[Transition]:
        """The transitions of a commitment that stand now, in order, without their reasons."""
        ...

    def read_changes(
        self, commitments: Sequence[str], since: Instant | None = None
    ) -> Iterable[Change]:
        """What these became, by the transitions that stand now, in order of time.

        Read as it is asked for: only inside the block, and once.
        """
        ...


class HistoryWriter(Protocol):
    def add_checkpoints(self, commitment: str, rows: Sequence[Checkpoint]) -> None:
        """One of the same instant is replaced."""
        ...

    def drop_checkpoints(self, commitment: str, heads: Sequence[Instant]) -> None: ...

    def clear_checkpoints(self, commitments: Sequence[str]) -> None: ...

    def save_states(self, states: Sequence[StoredState]) -> None: ...

    def add_transitions(self, rows: Sequence[StoredTransition]) -> None: ...

    def withdraw_transitions(self, gone: Sequence[Transition], at: Instant) -> None: ...

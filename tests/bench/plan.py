"""How long and how much is to be measured; it measures nothing."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Plan:
    """How many rounds of how many seconds, how many requests the memory is watched over, how large the large store is.

    ``java`` lets HAPI run where it is there. ``unproven`` measures rules under change: for a first look, never to keep.
    """

    rounds: int = 5
    seconds: float = 5.0
    requests: int = 20_000
    stored: int = 200_000
    java: bool = True
    postgresql_filled: bool = False
    unproven: bool = False

    def quick(self) -> "Plan":
        """Return a plan for a first look, of less than four minutes."""
        return replace(self, rounds=3, seconds=1.0, requests=4_000, stored=4_000, java=False)

    @property
    def conditions(self) -> str:
        return f"{self.rounds} rounds of {self.seconds:g} s"

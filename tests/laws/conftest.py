"""How the laws are tried: every case is drawn anew."""

import pytest
from hypothesis.internal.conjecture.engine import ConjectureRunner


@pytest.fixture(autouse=True, scope="module")
def drawn_anew():
    """Left alone, hypothesis follows each case with five copies in which little differs.

    Here a copy costs as much as a new case, and finds less: with it, and as many cases, only every
    sixth rulebook would be another one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            ConjectureRunner, "generate_mutations_from", lambda _runner, _data: None, raising=False
        )
        yield

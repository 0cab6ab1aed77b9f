"""A process that dies in the middle of a step."""


class Killed(Exception):  # noqa: N818 - it is what happens, not a fault
    """The process died here."""


class Dying:
    """A writer that dies at its n-th call."""

    def __init__(self, writer, left):
        self._writer, self._left = writer, left

    def __getattr__(self, name):
        call = getattr(self._writer, name)

        def counted(*args, **options):
            if self._left == 0:
                raise Killed
            self._left -= 1
            return call(*args, **options)

        return counted

"""How a command ends when it is asked to: by a terminal, an operator, or a terminal that is closed."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

INTERRUPTED = "interrupted; what was stored before stays"

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE_S = 3


@contextmanager
def on_signal(do: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """What to do when asked to end; not where whoever started the command wants that ignored."""
    before = {each: signal.getsignal(each) for each in _ENDINGS if signal.getsignal(each) is not signal.SIG_IGN}
    try:
        for each in before:
            signal.signal(each, do)
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def leave(_: int, __: FrameType | None) -> None:
    """Go at once: nothing is begun, and packages that are half loaded might swallow an error."""
    sys.stderr.write(f"outlive: {INTERRUPTED}\n")
    sys.stderr.flush()
    os._exit(1)


def interrupt(asked: list[float], _: int, __: FrameType | None) -> None:
    """Interrupt what is running; whoever asks again at once is not heard, because it is being put away already."""
    if asked and monotonic() - asked[-1] < _PATIENCE_S:
        return
    asked.append(monotonic())
    raise KeyboardInterrupt

"""Ctrl-C waits for a safe place: never inside the context, always at its end or at a check."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from robot.bus.interrupt import HeldInterrupt


@pytest.fixture(autouse=True)
def interruptible() -> Iterator[None]:
    """SIGINT raises, also where tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_it_is_raised_at_the_end_of_the_context_and_only_once() -> None:
    interrupt, done = HeldInterrupt(), []

    def talk() -> None:
        with interrupt:
            signal.raise_signal(signal.SIGINT)
            done.append("the other half of the message")

    with pytest.raises(KeyboardInterrupt):
        talk()
    assert done
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    with interrupt:
        interrupt.check()


def test_a_check_raises_it_where_that_is_safe() -> None:
    interrupt, went_on = HeldInterrupt(), False
    with interrupt:
        interrupt.check()
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
        went_on = True
    assert went_on


def test_what_was_made_to_mean_the_same_is_held_too() -> None:
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    interrupt = HeldInterrupt()
    with interrupt:
        signal.raise_signal(signal.SIGTERM)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
    signal.signal(signal.SIGTERM, before)


def test_where_it_is_ignored_it_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with HeldInterrupt():
        signal.raise_signal(signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_other_threads_leave_it_alone() -> None:
    handlers = []

    def work() -> None:
        with HeldInterrupt():
            handlers.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert handlers == [signal.default_int_handler]

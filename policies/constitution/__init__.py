"""What a home robot will not do, in words anybody can read, and the checks that hold it to them."""

from policies.constitution.judge import Refusal, judged

__all__ = ["Refusal", "judged"]

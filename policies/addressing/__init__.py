"""Two bodies hear the same words: which of them is meant, what each is told of a program, and which of them answers.

Read `rules.py` first (whose an action is), then `turns.py` (who is at what, and who was spoken to), then `node.py`.
"""

"""The live page of a run: an observer that serves what it sees, and a source node through which a person asks.

Nothing here changes a run by looking: the page's server is a tap, and what is asked on the page enters as a message of
the node `page`, so that it is in the log and in its hash.
"""

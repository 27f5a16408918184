"""Nodes as processes over ZeroMQ: the `stepped` and `live` runners, and readers from outside. Only here zmq is used."""

"""The contract every robot speaks (messages, topics, node, runners, bus), bodies, and the skills every robot has."""

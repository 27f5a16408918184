"""The display's steps: leaves of the tree, each one idea."""

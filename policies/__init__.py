"""What decides: following, mimicry, behaviour trees, language. Policies read skills' messages and publish goals."""

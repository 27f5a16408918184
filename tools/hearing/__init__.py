"""Making the network of hearing: sentences said by synthetic voices, noise laid over them, and training."""

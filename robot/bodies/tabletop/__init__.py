"""The tabletop display: a screen with a camera on a motorised stand that stands free on a desk."""

"""The Instances space: what was found in a picture, mended by hand."""

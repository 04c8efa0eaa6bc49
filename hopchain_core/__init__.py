"""HopChain Studio without a window: domain, store, pipeline, export and command line."""

__version__ = "0.1.0"

"""The command line, for people at a terminal; what it says of patients comes from the layers below."""

from service.cli.program import main

__all__ = ["main"]

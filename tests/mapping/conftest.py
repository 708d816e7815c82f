"""How the random tests of reading run."""

from hypothesis import settings

# A busy machine is no failure.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")

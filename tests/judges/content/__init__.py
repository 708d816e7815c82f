"""Judges of FHIR content that need no Java: how each is fetched and asked, and what it may say; not what is shown."""

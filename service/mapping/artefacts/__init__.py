"""The FHIR artefacts that are generated from the rule book; committed under fhir_profiles/, checked for staleness."""

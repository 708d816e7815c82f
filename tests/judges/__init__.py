"""What FHIR judges from elsewhere are shown, and what they must find."""

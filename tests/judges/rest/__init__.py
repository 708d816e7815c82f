"""What judges of the REST service send to it; `openapi` is for schemathesis, `recorded` for HAPI's validator."""

"""The strict gate: bytes in, checked plain Python data out; it knows FHIR R4, and nothing of our Questionnaire.

`json_text.parse` reads the bytes, `structure.check` holds one resource against the official R4 definitions, and
`sizes` counts what a response may cost. What passes is plain data: dict, list, str, bool, int and Decimal, where a
Decimal is a number that was written with a point or an exponent.
"""

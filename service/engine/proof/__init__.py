"""Proves what must hold for every input of a rule book, with the solver z3; it never triages anybody."""

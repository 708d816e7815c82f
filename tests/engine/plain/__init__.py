"""The engine as it reads most plainly, to hold the prepared one against; it serves nobody."""

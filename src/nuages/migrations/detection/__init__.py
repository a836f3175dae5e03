"""The parts of the autodetector: what differs between two states, and in which order the operations must come."""

"""Which phase is stable: coexistence, enthalpies and free energies."""

"""Trajectories that somebody else made: reading them, and classifying their zinc."""

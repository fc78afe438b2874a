"""Figures as matplotlib objects, each with the numbers that it shows."""

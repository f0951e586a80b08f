"""Grids at the desk: redrawing them, who works where, the card of a grid, what is not covered."""

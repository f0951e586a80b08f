"""Dispatch at the desk: the page that is watched, and the board of shifts."""

"""`python -m shanzhi`: the command line."""

from shanzhi.cli import main

main()

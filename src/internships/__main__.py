"""`python -m internships` is the console script."""

from internships.cli import main

main()

"""``python -m nuages``: the console script by another way."""

from nuages.cli.main import main

if __name__ == "__main__":
    main()

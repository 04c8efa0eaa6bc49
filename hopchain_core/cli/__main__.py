"""``python -m hopchain_core.cli``: the same as ``hopchain``."""

from hopchain_core.cli.main import main

if __name__ == "__main__":
    main()

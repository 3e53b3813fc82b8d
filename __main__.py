"""`python -m cryfish` is the `cryfish` command."""

from .pipeline.cli.cli import main

if __name__ == "__main__":
    main()

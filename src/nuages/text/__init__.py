"""Tools for text, HTML and small data that depend on nothing above them: no settings, no I/O, no event loop of their own."""

"""Books, as the pages of the benchmark show them."""

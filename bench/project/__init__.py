"""The project that the benchmark serves, written once for both packages; ``BENCH_PACKAGE`` names the one that runs it."""

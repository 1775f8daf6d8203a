"""C and C++ in the ecosystem check: Debian source packages, configured without being built."""

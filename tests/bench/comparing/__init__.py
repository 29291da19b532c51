"""What tests/bench/compare is made of; the standard library alone."""

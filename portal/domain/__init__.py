"""Rules, in plain Python: frozen data and functions without clock, input or output."""

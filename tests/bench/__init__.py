"""Measures the goals of speed as ratios taken in one run; `python -m tests.bench [PART[:SIZE] …]`."""

"""Tests of the places where the erasure ledger is kept."""

"""The commands an operator types: one module a subject, each function one command."""

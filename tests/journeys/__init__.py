"""Whole stories, from the first page to the last letter, as a browser without JavaScript lives them."""

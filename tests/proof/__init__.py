"""The long loops at the size the issues name: processes killed at random instants, and an account of what they left."""

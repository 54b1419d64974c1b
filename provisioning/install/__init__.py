"""Turns a machine on which the packages lie into its role in the hall, and back."""

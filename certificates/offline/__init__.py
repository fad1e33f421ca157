"""Checking a paper without this platform: a program of one file, a page of one file, and their keys."""

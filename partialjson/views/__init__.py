"""Readings of the edits: each module turns them into what another world understands.

``patch`` writes them as messages to another process (JSON Patch, and a compact form for browsers),
``watch`` calls back by path, ``typed`` shows partial pydantic models, ``ijson`` speaks as ijson does.
What a view needs beside the standard library is imported in its own module only.
"""

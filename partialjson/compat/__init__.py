"""Other libraries' functions over this parser, each in a module with that library's name.

Moving here is one changed import: ``from partialjson.compat import json_repair``. What differs, and
why, stands in the module's docstring, measured against the library itself.
"""

"""The machine: the part of the library that reads characters, compiled by mypyc from these files.

``states.py`` names the states, ``tree.py`` grows the tree and writes down the edits, ``grammar.py`` is
the strict grammar over the tree, ``liberties.py`` what a dialect may do where the grammar refuses.
Private and closed: no provider, no schema and no public name is known here, and nothing recurses.
"""

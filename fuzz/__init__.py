"""Fuzzing: hostile bytes against one invariant at a time.

``python -m fuzz TARGET --runs N --seed S`` runs one target of ``fuzz/targets`` over mutations of
the seeds in ``fuzz/seeds``; ``--atheris`` lets coverage guide the mutations, where atheris is
installed. A failure is shrunk and printed with the command that repeats it.

A target is a module that fits on a screen: its docstring states one invariant and lists the
exceptions with their reason; everything else is a failure. It has ``check(data: bytes) -> None``,
which raises where the invariant does not hold, and ``SEEDS``, the folder of its seeds. Where bytes are not
what it changes, it has a ``mutant(rng, seeds)`` of its own.
"""

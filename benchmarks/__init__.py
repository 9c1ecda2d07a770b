"""Benchmarks: our times beside the floor's and the peers', as ratios within one run.

``python -m benchmarks`` prints the tables and the budgets, each passed or missed; ``--quick`` does
so in seconds, on smaller documents; ``--json FILE`` writes the numbers too; ``--stability`` runs
the stability meter on the peers instead, ``--work`` counts the characters that are read, and
``--earliness`` says how early the early violations are.

Times on their own say more of the machine than of the code, so nothing here is a timed test. What
is compared is measured in the same process, in interleaved rounds, and the best of each is taken:
noise only ever adds.

The *floor* is what no Python program can avoid: one method call per fragment, and one
``orjson.loads`` of the whole at the end.
"""

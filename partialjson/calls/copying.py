"""A copy that the receiver owns."""

from __future__ import annotations


def copied(value: object) -> object:
    """A deep copy of a JSON value. (``copy.deepcopy`` gives up at a depth of 498, and takes its time.)"""
    if not isinstance(value, dict | list):
        return value
    root = value.copy()
    todo: list[dict[str, object] | list[object]] = [root]
    while todo:
        node = todo.pop()
        if isinstance(node, dict):
            for name, child in node.items():
                if isinstance(child, dict | list):
                    node[name] = copy = child.copy()
                    todo.append(copy)
        else:
            for index, child in enumerate(node):
                if isinstance(child, dict | list):
                    node[index] = copy = child.copy()
                    todo.append(copy)
    return root

"""The wire formats: one small table each. Order is precedence for ``provider="auto"``."""

from __future__ import annotations

from partialjson.providers.anthropic import ANTHROPIC
from partialjson.providers.openai_chat import OPENAI_CHAT
from partialjson.providers.table import Finish, Payload, Provider, Read

__all__ = ["PROVIDERS", "Finish", "Payload", "Provider", "Read", "named", "recognised"]

PROVIDERS: tuple[Provider, ...] = (OPENAI_CHAT, ANTHROPIC)


def named(name: str) -> Provider:
    """The table of that name. Raises ``ValueError`` for a name that none has."""
    for provider in PROVIDERS:
        if provider.name == name:
            return provider
    names = ", ".join(repr(provider.name) for provider in PROVIDERS)
    raise ValueError(f"no provider is called {name!r}; there are 'auto', {names}")


def recognised(payload: Payload) -> Provider | None:
    """The wire a first payload is of, or None where it may be any."""
    return next((provider for provider in PROVIDERS if provider.matches(payload)), None)

"""The wire formats: one small table each. Order is precedence for ``provider="auto"``."""

from __future__ import annotations

from dataclasses import replace

from partialjson.providers.anthropic import ANTHROPIC
from partialjson.providers.bedrock_converse import BEDROCK_CONVERSE
from partialjson.providers.bedrock_invoke import BEDROCK_INVOKE
from partialjson.providers.cohere import COHERE
from partialjson.providers.dashscope import DASHSCOPE
from partialjson.providers.gemini import GEMINI
from partialjson.providers.gemini_interactions import GEMINI_INTERACTIONS
from partialjson.providers.gemini_live import GEMINI_LIVE
from partialjson.providers.groq import GROQ
from partialjson.providers.mistral import MISTRAL
from partialjson.providers.ollama import OLLAMA
from partialjson.providers.openai_chat import OPENAI_CHAT
from partialjson.providers.openai_realtime import OPENAI_REALTIME
from partialjson.providers.openai_responses import OPENAI_RESPONSES
from partialjson.providers.table import Finish, Payload, Provider, Read, Said
from partialjson.providers.text import TEXT_DIALECTS, TextDialect
from partialjson.providers.xai import XAI

__all__ = [
    "PROVIDERS",
    "TEXT_DIALECTS",
    "Finish",
    "Payload",
    "Provider",
    "Read",
    "Said",
    "TextDialect",
    "recognised",
    "table_of",
]

PROVIDERS: tuple[Provider, ...] = (
    OPENAI_RESPONSES,
    OPENAI_REALTIME,
    GEMINI_LIVE,
    GEMINI,
    GEMINI_INTERACTIONS,
    OPENAI_CHAT,
    ANTHROPIC,
    BEDROCK_INVOKE,
    BEDROCK_CONVERSE,
    COHERE,
    OLLAMA,
    DASHSCOPE,
    XAI,
    MISTRAL,
    GROQ,
)


def table_of(provider: str | Provider) -> Provider:
    """The table of that name, or the one given; ``"wire+dialect"`` also reads that text dialect.

    Raises ``ValueError`` for a name that none has.
    """
    if isinstance(provider, Provider):
        return provider
    wire, _, dialect = provider.partition("+")
    if dialect in TEXT_DIALECTS:
        return replace(table_of(wire), name=provider, text_dialect=TEXT_DIALECTS[dialect])
    for table in PROVIDERS:
        if table.name == provider:
            return table
    names = ", ".join(repr(table.name) for table in PROVIDERS)
    raise ValueError(f"no provider is called {provider!r}; there are {names}")


def recognised(payload: Payload) -> Provider | None:
    """The wire a first payload is of, or None where it may be any."""
    return next((provider for provider in PROVIDERS if provider.matches(payload)), None)

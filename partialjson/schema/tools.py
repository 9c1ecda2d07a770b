"""Tool definitions as the providers write them, read into one form.

A request's own ``tools`` can be handed over as it is. ``SHAPES`` tells a definition by one of its
members, and where its name and its schema are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, TypeAlias

from partialjson.errors import quote
from partialjson.schema import gemini
from partialjson.schema.final import is_function, validator_for
from partialjson.schema.verdict import SchemaFault, Validator

ToolKind: TypeAlias = Literal["function", "custom", "builtin"]
_Members: TypeAlias = tuple[str, ...]


class Shape(NamedTuple):
    """A definition that has the member ``sign`` holds its name and its schema at these places."""

    sign: str
    name: _Members
    schema: _Members


SHAPES = (
    # OpenAI Chat Completions, Cohere v2, Mistral, Ollama, xAI and everyone compatible with them.
    Shape("function", ("function", "name"), ("function", "parameters")),
    # Bedrock Converse.
    Shape("toolSpec", ("toolSpec", "name"), ("toolSpec", "inputSchema", "json")),
    # Anthropic Messages.
    Shape("input_schema", ("name",), ("input_schema",)),
    # Model Context Protocol, tools/list.
    Shape("inputSchema", ("name",), ("inputSchema",)),
)

GEMINI_DECLARATIONS = ("functionDeclarations", "function_declarations")
GEMINI_JSON_SCHEMA = ("parametersJsonSchema", "parameters_json_schema")

_GEMINI_BUILTINS = (
    *("codeExecution", "computerUse", "enterpriseWebSearch", "fileSearch", "googleMaps", "googleSearch"),
    *("googleSearchRetrieval", "retrieval", "urlContext", "code_execution", "computer_use", "file_search"),
    *("enterprise_web_search", "google_maps", "google_search", "google_search_retrieval", "url_context"),
)
_XAI_BUILTINS = ("collections_search", "mcp", "web_search", "x_search")
BUILTIN_SIGNS = frozenset((*_GEMINI_BUILTINS, *_XAI_BUILTINS, "cachePoint"))
"""Members that stand for a provider's own tool where no ``type`` does."""

_JSON_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. ``source`` is what judges its arguments (what ``validator_for`` takes), and
    ``validator`` the same compiled; both are ``None`` where the definition says nothing of them.

    ``kind`` is ``"function"``, ``"custom"`` (free text instead of JSON), or ``"builtin"`` (the provider
    defines its arguments: web search, code execution, a remote MCP server).
    """

    name: str
    kind: ToolKind = "function"
    source: object = None
    validator: Validator | None = None


def tools_from(tools: Mapping[str, Any] | Iterable[Any] | None) -> dict[str, Tool]:
    """The tools by name.

    A mapping gives for each name what ``validator_for`` takes, or ``None`` to accept anything. A list
    holds definitions as a request holds them: OpenAI (chat and responses), Anthropic, Gemini, Bedrock
    Converse, Cohere and MCP; or the SDK's objects for the same, pydantic models, dataclasses,
    ``TypedDict``s and functions with annotations, which are never called.

    Raises ``TypeError`` or ``ValueError`` naming the entry that is none of these, and ``SchemaFault``
    for one whose schema cannot be used.
    """
    if tools is None:
        return {}
    if isinstance(tools, str | bytes):
        raise TypeError("tools must be a mapping or a list of definitions, not a text")
    found: dict[str, Tool] = {}
    if isinstance(tools, Mapping):
        for name, source in tools.items():
            found[name] = _function(name, source, f"tools[{quote(str(name))}]")
        return found
    for index, definition in enumerate(tools):
        place = f"tools[{index}]"
        for tool in _read(definition, place):
            # Built-in tools have no arguments of ours to tell apart: two MCP servers are both "mcp".
            if tool.name in found and tool.kind != "builtin":
                raise ValueError(f"{place}: a second tool named {quote(tool.name)}")
            found[tool.name] = tool
    return found


def _read(definition: Any, place: str) -> Iterator[Tool]:
    if isinstance(definition, type):
        yield _function(definition.__name__, definition, place)
    elif is_function(definition):
        yield _parameters(definition, place)
    elif isinstance(definition, Mapping):
        yield from _read_mapping(definition, place)
    elif hasattr(definition, "model_dump"):  # an SDK's object for a definition
        yield from _read_mapping(definition.model_dump(by_alias=True, exclude_none=True), place)
    else:
        raise TypeError(f"{place}: a {type(definition).__name__} is no tool definition")


def _read_mapping(definition: Mapping[str, Any], place: str) -> Iterator[Tool]:
    for sign in GEMINI_DECLARATIONS:
        if sign in definition:
            for number, declaration in enumerate(definition[sign]):
                yield _gemini_function(declaration, f"{place}.{sign}[{number}]")
            return
    for shape in SHAPES:
        if isinstance(definition.get(shape.sign), Mapping):
            yield _function(_at(definition, shape.name), _at(definition, shape.schema), place)
            return
    kind = definition.get("type")
    if kind in (None, "function") and "name" in definition and (kind or "parameters" in definition):
        # OpenAI Responses; without the type, the `functions` that Chat Completions had first.
        yield _function(definition["name"], definition.get("parameters"), place)
    elif kind == "custom":
        yield Tool(_name(definition.get("custom", definition).get("name"), place), "custom")
    elif isinstance(kind, str) and kind not in _JSON_TYPES:
        yield Tool(_name(definition.get("name", kind), place), "builtin")
    elif "systemTool" in definition:
        yield Tool(_name(_at(definition, ("systemTool", "name")), place), "builtin")
    elif signs := BUILTIN_SIGNS.intersection(definition):
        for sign in sorted(signs):
            yield Tool(sign, "builtin")
    else:
        members = quote(", ".join(map(str, definition)))
        raise ValueError(f"{place}: no known form of tool definition has the members {members}")


def _gemini_function(declaration: Mapping[str, Any], place: str) -> Tool:
    for member in GEMINI_JSON_SCHEMA:
        if member in declaration:
            return _function(declaration.get("name"), declaration[member], place)
    parameters = declaration.get("parameters")
    if isinstance(parameters, Mapping):
        parameters = gemini.to_json_schema(parameters)
    return _function(declaration.get("name"), parameters, place)


def _parameters(function: Any, place: str) -> Tool:
    from partialjson.schema import models

    try:
        source = models.parameters_adapter(function)
        return Tool(_name(function.__name__, place), "function", source, models.compiled_parameters(function))
    except (TypeError, AttributeError) as error:
        raise TypeError(f"{place}: {error}") from error


def _function(name: Any, source: Any, place: str) -> Tool:
    name = _name(name, place)
    if source is None:
        return Tool(name)
    try:
        if isinstance(source, str):  # xAI's gRPC messages carry the schema as text
            source = json.loads(source)
        return Tool(name, "function", source, validator_for(source))
    except SchemaFault as error:
        raise SchemaFault(error.reason, f"{place}: {error}") from error
    except (TypeError, ValueError) as error:
        raise TypeError(f"{place}: {error}") from error


def _name(name: Any, place: str) -> str:
    if not isinstance(name, str) or not name:
        raise ValueError(f"{place}: the definition has no name")
    return name


def _at(definition: Any, members: _Members) -> Any:
    for member in members:
        definition = definition.get(member) if isinstance(definition, Mapping) else None
    return definition

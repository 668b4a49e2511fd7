"""The API described: what the framework finds out by itself, what our handlers declare, and our own page of both.

A handler that reads JSON says so with `opt={"body": Struct}`; `opt={"query": Struct}` for bound query parameters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import msgspec
from litestar import Request
from litestar.enums import MediaType
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.routes import HTTPRoute

from community.kit.templates import render
from community.kit.web import frame

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "For people, in Indonesian."},
        "code": {"type": "string", "description": "Stable, for programs."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {"pointer": {"type": "string"}, "code": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "current": {"type": "object", "description": "The present state, with 409."},
    },
}
PROBLEM_ANSWER = {
    "description": "Refused, with the reason.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
KEY_HEADER = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "A UUID of your choice: the same request sent again is done once.",
    "schema": {"type": "string", "format": "uuid"},
}
UNSAFE = frozenset({"post", "put", "patch", "delete"})


def complete(schema: dict[str, Any], routes: list[Any]) -> dict[str, Any]:
    """`schema` with request bodies, key headers, problem answers and the token filled in; a new dictionary."""
    schemas = dict(schema.get("components", {}).get("schemas", {})) | {"Problem": PROBLEM}
    paths = {path: dict(item) for path, item in schema.get("paths", {}).items()}
    for route in routes:
        item = paths.get(getattr(route, "path_format", ""))
        if item is None or not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            for method in handler.http_methods:
                if method.lower() in item:
                    item[method.lower()] = _complete_operation(
                        item[method.lower()], handler.opt, method.lower(), schemas
                    )
    bearer = {"type": "http", "scheme": "bearer", "description": "An API token, made under Akun."}
    components = dict(schema.get("components", {})) | {"schemas": schemas, "securitySchemes": {"token": bearer}}
    return dict(schema) | {"paths": paths, "components": components, "security": [{"token": []}, {}]}


def _complete_operation(operation: dict[str, Any], opt: Any, method: str, schemas: dict[str, Any]) -> dict[str, Any]:
    made = dict(operation)
    parameters = [p for p in made.get("parameters", []) if p.get("in") != "cookie"]
    if struct := opt.get("body"):
        made["requestBody"] = {"required": True, "content": {"application/json": {"schema": _refer(struct, schemas)}}}
    if struct := opt.get("query"):
        parameters += _query_parameters(struct)
    if opt.get("once"):
        parameters.append(KEY_HEADER)
    if parameters:
        made["parameters"] = parameters
    made["responses"] = {k: v for k, v in made.get("responses", {}).items() if not k.startswith(("4", "5"))}
    made["responses"]["default"] = PROBLEM_ANSWER
    made["security"] = [{"token": []}] if method in UNSAFE else [{"token": []}, {}]
    return made


def _refer(struct: type[msgspec.Struct], schemas: dict[str, Any]) -> dict[str, Any]:
    (made,), components = msgspec.json.schema_components([struct], ref_template="#/components/schemas/{name}")
    schemas.update(components)
    return dict(made)


def _query_parameters(struct: type[msgspec.Struct]) -> list[dict[str, Any]]:
    _made, components = msgspec.json.schema_components([struct])
    own = components[struct.__name__]
    required = own.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in own["properties"].items()
    ]


class CompletedJson(JsonRenderPlugin):
    """`/schema/openapi.json`."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        return self.render_json(request, complete(openapi_schema, request.app.routes))


class ReferencePage(OpenAPIRenderPlugin):
    """`/schema`: the same for people, without a line of JavaScript."""

    def __init__(self) -> None:
        super().__init__(path="/", media_type=MediaType.HTML)

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        described = complete(openapi_schema, request.app.routes)
        return render("reference.html", page=frame(request), groups=group_operations(described)).encode()


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    summary: str
    description: str
    parameters: list[tuple[str, str, str, bool]]
    """Name, where, type in words, required."""
    body: list[tuple[str, str, bool]]
    """Field, type in words, required."""


@dataclass
class Group:
    name: str
    operations: list[Operation] = field(default_factory=list)


def group_operations(described: dict[str, Any]) -> list[Group]:
    """Operations by tag, in alphabetical order of tag and path."""
    groups: dict[str, Group] = {}
    schemas = described["components"]["schemas"]
    for path, item in sorted(described["paths"].items()):
        for method, operation in item.items():
            if isinstance(operation, dict) and "responses" in operation:
                tag = (operation.get("tags") or [path.split("/")[3] if path.count("/") > 2 else "other"])[0]
                groups.setdefault(tag, Group(tag)).operations.append(_operation(method, path, operation, schemas))
    return [groups[name] for name in sorted(groups)]


def _operation(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    parameters = [
        (p["name"], p["in"], in_words(p.get("schema", {}), schemas), bool(p.get("required")))
        for p in operation.get("parameters", [])
    ]
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    struct = _resolve(content, schemas)
    required = struct.get("required", [])
    body = [(name, in_words(s, schemas), name in required) for name, s in struct.get("properties", {}).items()]
    summary = operation.get("summary", "")
    return Operation(method.upper(), path, summary, operation.get("description", ""), parameters, body)


def in_words(schema: dict[str, Any], schemas: dict[str, Any]) -> str:
    """`text, 3–80` · `integer, 1–5000 or null` · `one of kopdar, outing`."""
    schema = _resolve(schema, schemas)
    if "anyOf" in schema or "oneOf" in schema:
        return " or ".join(in_words(part, schemas) for part in schema.get("anyOf", schema.get("oneOf", [])))
    if "enum" in schema:
        return "one of " + ", ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return "list of " + in_words(schema.get("items", {}), schemas)
    kind = {"string": "text", "null": "null", None: "any"}.get(schema.get("type"), schema.get("type"))
    low = schema.get("minimum", schema.get("minLength"))
    high = schema.get("maximum", schema.get("maxLength"))
    bounds = (
        "" if low is None and high is None else f", {low if low is not None else ''}–{high if high is not None else ''}"
    )
    return f"{schema.get('format', kind)}{bounds}"


def _resolve(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    return dict(schemas.get(name, {})) if name else schema

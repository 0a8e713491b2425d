"""The desk behind the Model Context Protocol: what comes over the wire becomes calls of it."""

import json
from typing import Any

from mcp import MCPError
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http import MCP_SESSION_ID_HEADER
from mcp.types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    Prompt,
    PromptArgument,
    PromptMessage,
    ReadResourceRequestParams,
    ReadResourceResult,
    Resource,
    ResourceTemplate,
    TextContent,
    TextResourceContents,
    Tool,
    ToolAnnotations,
)

from orchestrator import __version__
from orchestrator.mcp.desk import Answer, Desk
from orchestrator.mcp.prompts import INSTRUCTIONS, PROMPTS, PROPOSING, prompt
from orchestrator.mcp.resources import TEMPLATES, list_resources, read_resource

Context = ServerRequestContext[Any, Any]

_JSON = "application/json"
_MOST_SESSIONS = 1_000
"""Whose reading is remembered; fewer are served at a time."""


def make_server(desk: Desk) -> Server[Any]:
    """Return a server that asks a desk, one call at a time."""
    handlers = _Handlers(desk)
    instructions = INSTRUCTIONS + (PROPOSING if desk.can_propose else "")
    return Server(
        "orchestrator",
        version=__version__,
        title="orchestrator",
        instructions=instructions,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
        on_list_prompts=handlers.list_prompts,
        on_get_prompt=handlers.get_prompt,
    )


async def serve_stdio(desk: Desk) -> None:
    """Serve one client over stdin and stdout, until it closes stdin."""
    server = make_server(desk)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


class _Handlers:
    """What answers each request, one after the other, in the thread of the loop.

    Answers are short, and in threads would wait for each other anyway.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._desks: dict[str, Desk] = {}

    async def list_tools(
        self, _context: Context, _params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(
            tools=[
                Tool(
                    name=tool.name,
                    description=tool.help,
                    input_schema=tool.schema,
                    output_schema=dict(tool.answers) if tool.answers else None,
                    annotations=ToolAnnotations(**tool.hints),
                )
                for tool in self._desk.tools.values()
            ]
        )

    async def call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        client, arguments = self._client(context), params.arguments or {}
        answer = self._desk_of(context).call(client, params.name, arguments)
        text = json.dumps(answer.value, ensure_ascii=False, default=str)
        return CallToolResult(
            content=[TextContent(type="text", text=text)],
            structured_content=json.loads(text),
            is_error=answer.is_refusal,
        )

    async def list_resources(
        self, context: Context, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        cursor = params.cursor if params else None
        value = _given(list_resources(self._desk_of(context), self._client(context), cursor))
        resources = [
            Resource(uri=uri, name=name, title=title, mime_type=_JSON)
            for uri, name, title in value["resources"]
        ]
        return ListResourcesResult(resources=resources, next_cursor=value.get("next_cursor"))

    async def list_templates(
        self, _context: Context, _params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(
            resource_templates=[
                ResourceTemplate(name=name, uri_template=uri, description=said, mime_type=_JSON)
                for name, (uri, said) in TEMPLATES.items()
            ]
        )

    async def read_resource(
        self, context: Context, params: ReadResourceRequestParams
    ) -> ReadResourceResult:
        value = _given(
            read_resource(self._desk_of(context), self._client(context), str(params.uri))
        )
        text = json.dumps(value, ensure_ascii=False, indent=2, default=str)
        return ReadResourceResult(
            contents=[TextResourceContents(uri=params.uri, mime_type=_JSON, text=text)]
        )

    async def list_prompts(
        self, _context: Context, _params: PaginatedRequestParams | None
    ) -> ListPromptsResult:
        return ListPromptsResult(
            prompts=[
                Prompt(
                    name=item.name,
                    description=item.help,
                    arguments=[
                        PromptArgument(name=name, description=said, required=is_needed)
                        for name, (said, is_needed) in item.arguments.items()
                    ],
                )
                for item in PROMPTS.values()
                if self._desk.can_propose or item.name != "plan"
            ]
        )

    async def get_prompt(self, context: Context, params: GetPromptRequestParams) -> GetPromptResult:
        client, given = self._client(context), params.arguments or {}
        value = _given(prompt(self._desk_of(context), client, params.name, given))
        return GetPromptResult(
            messages=[
                PromptMessage(role="user", content=TextContent(type="text", text=value["text"]))
            ]
        )

    def _desk_of(self, context: Context) -> Desk:
        """Return a desk that remembers what the client of one session read, and no other.

        A client without a session, which is the only one of stdin and any of many over HTTP, has
        the common desk: it rather answers for what others read than not for what it read itself.
        """
        headers = getattr(context.request, "headers", None) or {}
        session = headers.get(MCP_SESSION_ID_HEADER)
        if session is None:
            return self._desk
        found = self._desks.pop(session, None) or self._desk.for_another_client()
        self._desks[session] = found
        if len(self._desks) > _MOST_SESSIONS:
            del self._desks[next(iter(self._desks))]
        return found

    def _client(self, context: Context) -> str:
        params = context.session.client_params
        info = params.client_info if params else None
        return self._desk.client_name(info.name, info.version) if info else "unknown"


def _given(answer: Answer) -> dict[str, Any]:
    """Return what was asked for; a refusal is the protocol's own error here.

    Raises:
        MCPError: It is one.
    """
    if answer.is_refusal:
        said = (answer.value.get("error"), answer.value.get("hint"))
        raise MCPError(INVALID_PARAMS, " ".join(part for part in said if part))
    return answer.value

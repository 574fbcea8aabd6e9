"""Holds a running server to the document it gives of itself: every answer is what /api/v1/openapi.json says, and nothing else.

Readers of the API pass over what they do not know, so the document leaves objects open. Here they are closed: a property that nobody described is a
mistake of the server or of the document.
"""
import collections
import copy
import http.client
import json
import re
import socket

import jsonschema

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
# Of every HTTP answer; all others must be in the document.
USUAL_HEADERS = {"date", "server", "content-type", "content-length", "transfer-encoding", "connection", "x-content-type-options", "referrer-policy",
                 "content-security-policy", "cross-origin-resource-policy", "cache-control", "content-encoding", "vary", "x-accel-buffering"}
METHODS = ("get", "put", "post", "delete", "patch")

Answer = collections.namedtuple("Answer", "status headers body")  # headers in lower case; body: what JSON says, else text


class Mismatch(AssertionError):
    """An answer that the document does not describe."""


def close(node):
    """Every object knows its properties; what is open on purpose says so."""
    if isinstance(node, list):
        for below in node:
            close(below)
    elif isinstance(node, dict):
        if node.get("type") == "object" and "properties" in node:
            node.setdefault("additionalProperties", False)
        for below in node.values():
            close(below)
    return node


class Contract:
    def __init__(self, document):
        self.document = document
        self.components = close(copy.deepcopy(document["components"]))
        self.operations = {}  # id -> (method, path, operation)
        self.patterns = []
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                self.operations[operation["operationId"]] = (method.upper(), path, operation)
            exact = "".join(r"[^/]+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", path))
            self.patterns.append((path.count("{"), re.compile(exact), path))
        self.patterns.sort(key=lambda row: row[0])  # an exact part wins over braces
        self.validators = {}
        self.seen = set()  # (operation id, status, media type)
        self.codes = set()  # (operation id, status, code)
        self.formats = jsonschema.FormatChecker(formats=[])
        self.formats.checks("date-time")(lambda value: not isinstance(value, str) or TIME.fullmatch(value) is not None)

    def resolve(self, node):
        while "$ref" in node:
            found = self.document
            for step in node["$ref"][2:].split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def operation_of(self, method, target):
        path = target.split("?")[0]
        for _, pattern, name in self.patterns:
            found = self.document["paths"][name].get(method.lower()) if pattern.fullmatch(path) else None
            if found:
                return found
        return None

    def problems(self, schema, value):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            whole = {"components": self.components, **close(copy.deepcopy(schema))}
            self.validators[key] = jsonschema.Draft202012Validator(whole, format_checker=self.formats)
        return [f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}" for error in self.validators[key].iter_errors(value)]

    def demand(self, schema, value, what):
        wrong = self.problems(schema, value)
        if wrong:
            raise Mismatch(f"{what}: " + "; ".join(wrong[:5]))

    def check(self, method, target, answer):
        """Raises Mismatch when `answer` is none that the document has for this request."""
        what = f"{method} {target[:200]} -> {answer.status}"
        operation = self.operation_of(method, target)
        if operation is None:
            raise Mismatch(f"{what}: no such path in the document")
        described = operation["responses"].get(str(answer.status))
        is_default = described is None
        described = self.resolve(described or operation["responses"]["default"])
        media = answer.headers.get("content-type", "").split(";")[0].strip()
        self.check_headers(what, described, answer)
        if "content" not in described:
            if answer.body:
                raise Mismatch(f"{what}: there is a body and none is described: {answer.body!r:.200}")
            media = ""
        else:
            known = described["content"].get(media) or described["content"].get("*/*")
            if known is None:
                raise Mismatch(f"{what}: the type {media!r} is not described: {answer.body!r:.300}")
            self.check_body(what, media, {**known, "schema": self.narrowed(known["schema"], target)}, answer.body)
        if media == "application/problem+json":
            self.codes.add((operation["operationId"], answer.status, answer.body["code"]))
            if is_default and answer.status not in (405, 408, 414):
                raise Mismatch(f"{what}: this status is not described: {answer.body}")
            if answer.body["status"] != answer.status or answer.body["request_id"] != answer.headers.get("x-request-id"):
                raise Mismatch(f"{what}: the problem speaks of another answer: {answer.body}")
        elif is_default:
            raise Mismatch(f"{what}: this status is not described")
        self.seen.add((operation["operationId"], answer.status, media))

    @staticmethod
    def narrowed(schema, target):
        """Rows are partial when `fields` asks for some, and only then: else a field that is missing would pass."""
        is_partial = re.search(r"[?&]fields=[^&]", target) is not None
        fit = [one for one in schema.get("anyOf", []) if ("/Partial" in one.get("$ref", "")) == is_partial]
        return fit[0] if len(fit) == 1 else schema

    @staticmethod
    def check_headers(what, described, answer):
        known = {name.lower() for name in described.get("headers", {})}
        unknown = set(answer.headers) - known - USUAL_HEADERS
        if unknown:
            raise Mismatch(f"{what}: headers that are not described: {sorted(unknown)}")
        if "x-request-id" not in answer.headers:
            raise Mismatch(f"{what}: there is no X-Request-Id")

    def check_body(self, what, media, known, body):
        schema = known["schema"]
        if media in ("application/json", "application/problem+json"):
            self.demand(schema, body, what)
        elif media == "application/x-ndjson":
            for line in body.splitlines():
                self.demand(schema, json.loads(line), what)
        elif media == "text/event-stream":
            for name, data in events_of(body):
                if name not in known["x-events"]:
                    raise Mismatch(f"{what}: the event {name!r} is not described")
                self.demand({k: v for k, v in known["x-events"][name].items()}, json.loads(data), f"{what}, event {name}")
        elif not isinstance(body, str):
            raise Mismatch(f"{what}: the body is no text")


def events_of(text):
    """(name, data) of each whole event of a stream."""
    for block in text.split("\n\n")[:-1]:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "event" in fields:
            yield fields["event"], fields.get("data", "")


class LocalConnection(http.client.HTTPConnection):
    """HTTP over the local socket of the server's folder."""

    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Client:
    """Asks, and has every answer judged."""

    def __init__(self, server, contract):
        self.server = server
        self.contract = contract

    def connection(self, local=False, timeout=30):
        if local:
            return LocalConnection(self.server.data / "tocsin.sock", timeout)
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=timeout)

    def ask(self, method, target, body=None, headers=None, local=False, until_event=None):
        """`body`: a value for JSON, bytes as they are. `until_event`: reads a stream until it holds that word."""
        sent = dict(headers or {})
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = self.connection(local)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in sent.items():
                connection.putheader(name, value)
            if body is not None or method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(body or b"")))
            connection.endheaders(body)
            answer = self.read(connection.getresponse(), until_event)
        finally:
            connection.close()
        self.contract.check(method, target, answer)
        return answer

    def raw(self, method, target, text):
        """Sends bytes that no client library would."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=30) as wire:
            wire.sendall(text)
            reply = http.client.HTTPResponse(wire, method=method)
            reply.begin()
            answer = self.read(reply, None)
        self.contract.check(method, target, answer)
        return answer

    @staticmethod
    def read(reply, until_event):
        headers = {name.lower(): value for name, value in reply.getheaders()}
        media = headers.get("content-type", "")
        if media.startswith("text/event-stream"):
            text = b""
            while until_event and until_event.encode() not in text:
                piece = reply.read1(65536)
                if not piece:
                    break
                text += piece
            whole = text.decode()
            return Answer(reply.status, headers, whole[:whole.rfind("\n\n") + 2])
        data = reply.read()
        if headers.get("content-encoding") == "gzip":
            raise Mismatch("gzip without being asked")
        if media.split(";")[0] in ("application/json", "application/problem+json") and data:
            return Answer(reply.status, headers, json.loads(data))
        return Answer(reply.status, headers, data.decode(errors="replace"))

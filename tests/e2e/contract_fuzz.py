"""Requests from the schemas of the document: right ones, and ones with something wrong in a place chosen by a seed."""
import collections
import http.client
import json
import random
import urllib.parse

from contract import Mismatch

# Texts that programs stumble over: empty, long, controls, right to left, not in a normal form, beyond the BMP, of other languages' syntax.
ODD_TEXTS = ["", " ", "\t", "\n", "\x00", "\x7f", "\u0085", "\u200b", "\u202eabc", "\ufeff", "e\u0301", "\U0001f514" * 40, "ß" * 300, "\ud7ff\ue000", "\uffff", "a" * 5000,
             "'", '"', "\\", "%", "%00", "%s%n", "${env:HOME}", "$${env:HOME}", "{{x}}", "<script>", "../../etc/passwd", "null", "~", "!!binary x", "&a *a", "- x",
             ": ", "#", "0x10", "1e9", "-0", "NaN", "true", "[1,2]", "5s5", "999999999999999999d", "-5s", "*", ",", ",,,", "/", "//", "#/", "?", "2026-02-30T25:61:61Z"]
ODD_NUMBERS = [0, -1, 1, 2, 65535, 65536, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, -2**63, -2**64, 10**30, 0.5, -0.0, 1e308, 5e-324]
ODD_VALUES = [None, True, False, {}, [], [[]], {"": None}, [None], {"a": {"b": {"c": [1]}}}]
ODD_HEADERS = {"If-Match": ["", "*", '"', '""', '"x", "y"', 'W/"x"', "x" * 4000], "Idempotency-Key": ["", " ", "x" * 100, "x" * 101, "a b"],
               "Accept": ["", "*/*", "text/csv", "application/x-ndjson", "text/event-stream", ";q=", "text/csv;q=2", ",,,", "a/b;q=0.5, text/csv"],
               "Accept-Encoding": ["", "gzip;q=0", "identity"], "Content-Type": ["", "text/plain", "application/json; charset=utf-16", "a", "APPLICATION/JSON"],
               "Last-Event-ID": ["", "x", "0-0", "f" * 200], "Origin": ["null", "http://x", "x"], "Cookie": ["", "=", "__Host-tocsin=x", "a=b; a=b"],
               "X-CSRF-Token": ["x"], "If-None-Match": ["*", '"x"'], "Range": ["bytes=0-1"], "Expect": ["x"], "Accept-Language": ["de"], "X-Request-Id": ["x"]}
# Texts of these patterns, by the beginning of the pattern.
BY_PATTERN = {"^([0-9]": ["1s", "5s", "100ms", "1m", "1m30s", "0.5s", "1us", "24h", "1d"], "^[A-Za-z": ["a", "a-b", "A.1", "x/y#z", "_"], "^(unix": None, "^[0-9]{1,19}": ["1", "42"]}
# Streams end when the server does, and these would end the test or its tokens.
PASSED_OVER = {"streamEvents", "signOut", "testChannel"}


class Fuzz:
    def __init__(self, test, seed):
        self.dice = random.Random(seed)
        self.test = test
        self.contract = test.contract
        self.statuses = collections.Counter()
        self.refused_without_reason = []
        self.ids = {"MonitorId": ["of-file", "broken", "hello", "nobody"], "IncidentId": [], "AlertKey": [], "ResultId": [], "TokenId": [], "ChannelId": ["ops"]}
        self.targets = [f"127.0.0.1:{test.greeter.port}", f"127.0.0.1:{test.closed}", "[::1]:9", "127.0.0.1:1"]

    # --- values
    def value(self, schema, depth=0):
        """Something that the schema allows."""
        schema = self.contract.resolve(schema)
        if "anyOf" in schema:
            return self.value(self.dice.choice(schema["anyOf"]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return self.dice.choice(schema["enum"])
        kind = schema.get("type", "string")
        kind = self.dice.choice(kind) if isinstance(kind, list) else kind
        if kind == "object":
            return self.object_of(schema, depth)
        if kind == "array":
            most = min(schema.get("maxItems", 3), 3)
            count = self.dice.randint(min(schema.get("minItems", 0), most), most)
            return [self.value(schema.get("items", {}), depth + 1) for _ in range(count)]
        if kind in ("integer", "number"):
            low, high = schema.get("minimum", -5), schema.get("maximum", 100)
            return self.dice.choice([low, high, self.dice.randint(int(low), int(high))])
        return {"boolean": lambda: self.dice.random() < 0.5, "null": lambda: None}.get(kind, lambda: self.text_of(schema))()

    def object_of(self, schema, depth):
        needed = schema.get("required", [])
        chance = 0.35 if depth == 0 else 0.5
        names = [name for name in schema.get("properties", {}) if name in needed or self.dice.random() < chance]
        if "maxProperties" in schema:
            names = [self.dice.choice(list(schema["properties"]))]
        return {name: self.named_value(name, schema["properties"][name], depth + 1) for name in names}

    # Nothing here may reach another machine, nor wait for long.
    def named_value(self, name, schema, depth):
        if name == "host":
            return self.dice.choice(["127.0.0.1", "::1"])
        if name == "url":
            return f"http://127.0.0.1:{self.test.hook.port}/hook"
        if name in ("certificate_file", "key_file", "ca_file"):
            return "/nowhere"
        if name == "timeout":
            return self.dice.choice(["100ms", "250ms", "1s"])
        return self.value(schema, depth)

    def text_of(self, schema):
        pattern = schema.get("pattern")
        if pattern:
            known = next(texts for begin, texts in BY_PATTERN.items() if pattern.startswith(begin))
            return self.dice.choice(known or self.targets)
        if schema.get("format") == "date-time":
            return "2026-11-21T14:03:20Z"
        text = self.dice.choice(["x", "redis", "Räksmörgås", "日本語", "a b", "PING\\r\\n", "response_time < 100ms", 'response_data contains "x"', "local", "prod"])
        return text[:schema.get("maxLength", 100)]

    def odd(self):
        return self.dice.choice([*ODD_TEXTS, *ODD_NUMBERS, *ODD_VALUES])

    # --- mistakes
    def places_in(self, value, path=()):
        """Paths of all values, for a mistake to be put at one; what says where to connect stays as it is."""
        if path and path[-1] in ("host", "target", "url", "timeout"):
            return
        yield path
        below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
        for key, inner in below:
            yield from self.places_in(inner, (*path, key))

    def spoil(self, value):
        place = self.dice.choice(list(self.places_in(value)))
        if not place:
            return self.spoil_whole(value)
        inner = value
        for step in place[:-1]:
            inner = inner[step]
        how = self.dice.random()
        if how < 0.6:
            inner[place[-1]] = self.odd()
        elif how < 0.75:
            del inner[place[-1]]
        elif isinstance(inner, dict):
            inner[self.dice.choice(["", "x", "targt", "id", "__proto__", "a" * 300, "\u0000", "for_each"])] = self.odd()
        else:
            inner.extend([self.odd()] * self.dice.choice([1, 60, 1200]))
        return value

    def spoil_whole(self, value):
        if isinstance(value, dict) and self.dice.random() < 0.5:
            return {**value, self.dice.choice(["x", "uid", "config"]): self.odd()}
        return self.odd()

    def body_bytes(self, value):
        text = json.dumps(value, ensure_ascii=self.dice.random() < 0.5)
        data = text.encode(errors="surrogatepass")
        how = self.dice.random()
        if how < 0.03:
            return data[:self.dice.randint(0, len(data))]
        if how < 0.05 and data:
            at = self.dice.randrange(len(data))
            return data[:at] + bytes([self.dice.randrange(256)]) + data[at + 1:]
        return b"[" * 40 + b"]" * 40 if how < 0.06 else data

    # --- one request
    def path_of(self, operation, path):
        for parameter in operation.get("parameters", []):
            known = self.contract.resolve(parameter)
            if known["in"] == "path":
                ids = self.ids.get(parameter["$ref"].split("/")[-1], [])
                odd = self.dice.random() < 0.25 or not ids
                text = self.dice.choice([t for t in ODD_TEXTS if t not in (".", "..")]) if odd else self.dice.choice(ids)
                path = path.replace("{%s}" % known["name"], urllib.parse.quote(text.encode(errors="surrogatepass"), safe="") or "x")
        return path

    def query_of(self, operation):
        pairs = []
        for parameter in operation.get("parameters", []):
            known = self.contract.resolve(parameter)
            if known["in"] == "query" and (known.get("required") or self.dice.random() < 0.3):
                odd = self.dice.random() < 0.4
                value = self.odd() if odd else known["example"] if self.dice.random() < 0.5 else self.value(known["schema"])
                pairs.append((known["name"], value if isinstance(value, str) else json.dumps(value)))
        if self.dice.random() < 0.05:
            pairs.append((self.dice.choice(["x", "limit", "__proto__"]), "1"))
        return urllib.parse.urlencode(pairs, errors="surrogatepass")

    def headers_of(self, operation):
        headers = {}
        for name, values in ODD_HEADERS.items():
            if self.dice.random() < 0.03:
                headers[name] = self.dice.choice(values)
        if self.dice.random() < 0.9:
            changes = operation["x-scope"] == "admin" or self.dice.random() < 0.2 and "probe" not in operation["operationId"]
            headers["Authorization"] = f"Bearer {self.test.tokens['admin' if changes else 'write']}"
        return headers

    def one(self):
        name = self.dice.choice([n for n in self.contract.operations if n not in PASSED_OVER])
        method, path, operation = self.contract.operations[name]
        target = self.path_of(operation, path)
        query = self.query_of(operation)
        body, is_right = None, False
        if "requestBody" in operation:
            value = self.value(operation["requestBody"]["content"]["application/json"]["schema"])
            if name == "probe":
                value = {**value, "target": self.dice.choice(self.targets), "timeout": "250ms", "retry": "none"}
                for other in ("host", "port", "preset"):
                    value.pop(other, None)
            is_right = self.dice.random() < 0.4
            value = value if is_right else self.spoil(value)
            body = json.dumps(value).encode() if is_right else self.body_bytes(value)
        headers = self.headers_of(operation)
        answer = self.send(method, target + ("?" + query if query else ""), body, headers)
        if answer is None:
            return
        self.statuses[answer.status] += 1
        if answer.status >= 500 and name != "getReadiness":
            raise AssertionError(f"{method} {target}?{query} {headers} {body!r}: {answer}")
        if is_right and 400 <= answer.status < 500 and not answer.body.get("detail"):
            self.refused_without_reason.append((name, answer.body))
        self.learn(name, answer)

    def send(self, method, target, body, headers):
        try:
            return self.test.client.ask(method, target, body, headers)
        except (http.client.HTTPException, UnicodeEncodeError, ValueError) as error:
            if isinstance(error, (UnicodeEncodeError, http.client.InvalidURL)) or "header" in str(error).lower():
                return None  # our own library refuses to send it
            raise
        except Mismatch as error:
            raise Mismatch(f"{error}\n  request: {method} {target}\n  {headers}\n  {body!r:.2000}") from None

    def learn(self, name, answer):
        """Ids that are really there, so that later requests get further."""
        rows = answer.body.get("data") if isinstance(answer.body, dict) else None
        kind = {"listMonitors": ("MonitorId", "id"), "listIncidents": ("IncidentId", "id"), "listAlerts": ("AlertKey", "key"),
                "listResults": ("ResultId", "id"), "listChannels": ("ChannelId", "id")}.get(name)
        if kind and rows:
            self.ids[kind[0]] = (self.ids[kind[0]] + [row[kind[1]] for row in rows])[-30:]

    def run(self, requests):
        for number in range(requests):
            self.one()
            if number % 200 == 199:
                self.tidy()

    def tidy(self):
        """Few monitors at a time: each of them is checked."""
        bearer = {"Authorization": f"Bearer {self.test.tokens['admin']}"}
        own = self.test.client.ask("GET", "/api/v1/monitors?owner=ui&fields=id&limit=1000", None, bearer).body["data"]
        if len(own) > 50:
            self.test.client.ask("POST", "/api/v1/monitors/batch", {"action": "delete", "ids": [row["uid"] for row in own]}, bearer)

    def summary(self):
        return "requests made from the schemas: " + ", ".join(f"{count} x {status}" for status, count in sorted(self.statuses.items()))

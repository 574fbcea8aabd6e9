"""A day with every operation of the API, in its order: set up, make, watch, read, change, remove; then every way to be refused. `t` is the
test of contract_test.py, which checks each answer against the document."""
import re
import threading
import time

from support import until

PASSWORD = "correct horse battery"


def monitors_and_their_refusals(t):
    port = t.greeter.port
    hello = {"id": "hello", "name": "Hello", "target": f"127.0.0.1:{port}", "interval": "1s", "timeout": "1s", "tags": ["prod"],
             "request": [{"send": "PING\r\n"}, {"send": {"hex": "00ff"}}, {"expect": "hello"}]}
    t.ask(200, "POST", "monitors?dry_run=true", hello)
    t.ask(200, "POST", "monitors?dry_run=true", {"target": "nowhere"})
    made = t.ask(201, "POST", "monitors", hello, headers={"Idempotency-Key": "walk-1"})
    again = t.ask(201, "POST", "monitors", hello, headers={"Idempotency-Key": "walk-1"})
    t.assertEqual(again.headers["idempotency-replayed"], "true")
    t.ask(201, "POST", "monitors", {"id": "many", "host": "127.0.0.1", "for_each": [port, t.closed]})
    t.refuse(409, "id_taken", "POST", "monitors", hello)
    t.refuse(422, "validation_failed", "POST", "monitors", {"target": "unix:/run/x", "prot": 1})
    until("it is up", lambda: t.ask(200, "GET", "monitors/hello").body["status"] == "up")
    until("the broken one is down", lambda: t.ask(200, "GET", "monitors/broken").body["status"] == "down")
    for query in ("", "?limit=1", "?fields=status,error", "?status=up&tag=prod&group=&owner=ui&project=&search=hello"):
        t.ask(200, "GET", "monitors" + query)
    t.ask(200, "GET", "monitors?limit=1&cursor=" + t.ask(200, "GET", "monitors?limit=1").body["next_cursor"])
    t.refuse(422, "validation_failed", "GET", "monitors?cursor=x")
    for query in ("", "?fields=status"):
        t.ask(200, "GET", "monitors" + query, headers={"Accept": "application/x-ndjson"})
    for path in ("tags", "groups", "summary", "export", "export?format=json"):
        t.ask(200, "GET", path)

    etag = t.ask(200, "GET", "monitors/hello").headers["etag"]
    t.ask(200, "PUT", "monitors/hello", {"target": hello["target"], "interval": "2s", "tls": {"mode": "off"}, "alert": {"after_runs": 3}},
          headers={"If-Match": etag})
    t.ask(200, "PATCH", "monitors/hello", {"name": "Hello again", "retry": {"strategy": "linear", "base": "1s"}, "alert": None,
                                           "request": [{"send": {"hex": "00ff"}}]})
    t.ask(200, "PUT", "monitors/hello?dry_run=true", {"target": hello["target"], "interval": "2s"})
    t.ask(200, "PATCH", "monitors/hello?dry_run=true", {"interval": 5})
    t.ask(200, "PATCH", "monitors/hello", {"name": None}, headers={"Content-Type": "application/merge-patch+json"})
    for method, body in (("PUT", hello), ("PATCH", {"name": "x"}), ("DELETE", None)):
        body = {k: v for k, v in body.items() if k != "id"} if body else None
        t.refuse(412, "revision_differs", method, "monitors/hello", body, headers={"If-Match": etag})
        t.refuse(409, "owned_by_project", method, "monitors/of-file", body)
        t.refuse(404, "not_found", method, "monitors/nobody", body)
    for action in ("pause", "resume", "mute", "unmute", "run"):
        t.ask(200, "POST", f"monitors/of-file/{action}")
        t.refuse(404, "not_found", "POST", f"monitors/nobody/{action}")
    t.ask(200, "POST", "monitors/hello/pause")
    t.refuse(409, "conflict", "POST", "monitors/hello/run")
    t.ask(200, "POST", "monitors/hello/resume", {})

    t.ask(201, "POST", "monitors/hello/clone", {"id": "copy"})
    t.refuse(409, "id_taken", "POST", "monitors/hello/clone", {"id": "copy"})
    t.refuse(404, "not_found", "POST", "monitors/nobody/clone")
    t.refuse(409, "owned_by_project", "POST", "monitors/of-file/clone")
    operator = t.client.ask("POST", "/api/v1/monitors", {"id": "local", "target": "unix:/nowhere"}, local=True)
    t.assertEqual(operator.status, 201, operator.body)
    t.refuse(409, "operator_only", "POST", "monitors/local/clone")
    t.ask(200, "POST", "monitors/batch", {"action": "add_tag", "ids": ["copy", "of-file", "nobody"], "tag": "bulk"})
    for action in ("pause", "resume", "mute", "unmute", "run", "remove_tag", "delete"):
        t.ask(200, "POST", "monitors/batch", {"action": action, "ids": ["copy"], "tag": "bulk"})

    uid = made.body["uid"]
    t.ask(204, "DELETE", "monitors/hello")
    t.refuse(404, "not_found", "GET", "monitors/hello")
    t.refuse(404, "not_found", "POST", "monitors/nobody/restore")
    t.refuse(409, "owned_by_project", "POST", "monitors/of-file/restore")
    # A file takes the id meanwhile.
    before = t.server.config.read_text()
    t.server.write_config(before + f'  hello: {{ target: "127.0.0.1:{t.closed}" }}\n')
    t.ask(200, "POST", "reload")
    t.refuse(409, "id_taken", "POST", f"monitors/{uid}/restore")
    t.server.write_config(before)
    t.ask(200, "POST", "reload")
    t.ask(200, "POST", f"monitors/{uid}/restore")


def results(t):
    until("there are some", lambda: len(t.server.results("broken")) > 3)
    page = t.ask(200, "GET", "monitors/broken/results?attempts=all&limit=2").body
    t.ask(200, "GET", f"monitors/broken/results?attempts=all&limit=2&cursor={page['next_cursor']}")
    t.ask(200, "GET", "monitors/broken/results?verdict=failed&error=tcp_refused&location=local&from=2026-01-01T00:00:00Z&to=2099-01-01T00:00:00Z")
    for media in ("text/csv", "application/x-ndjson"):
        t.ask(200, "GET", "monitors/broken/results", headers={"Accept": media})
        limited = t.ask(200, "GET", "monitors/broken/results?limit=1", headers={"Accept": media})
        t.assertIn("x-next-cursor", limited.headers)
    t.refuse(404, "not_found", "GET", "monitors/nobody/results")
    for monitor in ("of-file", "broken", "hushed"):
        newest = t.ask(200, "GET", f"monitors/{monitor}/results?limit=1").body["data"][0]["id"]
        t.ask(200, "GET", f"monitors/{monitor}/results/{newest}")
    t.refuse(404, "not_found", "GET", "monitors/of-file/results/nothing")
    for span in ("1h", "6h", "24h", "7d", "30d", "90d"):
        t.ask(200, "GET", f"monitors/broken/stats?range={span}")
    t.refuse(404, "not_found", "GET", "monitors/nobody/stats")
    t.ask(200, "GET", "heartbeats?ids=of-file,broken,nobody&count=5")

    probe = {"target": f"127.0.0.1:{t.greeter.port}", "request": [{"send": "PING"}, {"expect": "hello"}], "timeout": "1s"}
    t.ask(200, "POST", "probe", probe)
    t.ask(200, "POST", "probe", {"target": f"127.0.0.1:{t.closed}", "tls": "direct"})
    stream = t.ask(200, "POST", "probe", probe, headers={"Accept": "text/event-stream"}, until_event="event: result")
    t.assertIn("event: phase", stream.body)
    slow = {"target": f"127.0.0.1:{t.greeter.port}", "request": [{"send": "x"}, {"expect": "never"}], "timeout": "1500ms"}
    t.assertIn((409, "still_running"), Crowd(t, slow, [{"Idempotency-Key": "pair"}] * 2).answers)
    t.assertIn((429, "too_many_probes"), Crowd(t, slow, [{}] * 32).answers)


class Crowd:
    """Slow probes at once, one for each of the given headers."""

    def __init__(self, t, body, asked):
        self.answers = []
        bearer = {"Authorization": f"Bearer {t.tokens['admin']}"}

        def ask(headers):
            answer = t.client.ask("POST", "/api/v1/probe", body, {**bearer, **headers})
            self.answers.append((answer.status, answer.body.get("code")))

        threads = [threading.Thread(target=ask, args=(headers,)) for headers in asked]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def incidents_and_alerts(t):
    page = t.ask(200, "GET", "incidents?limit=1&open=true&monitor=broken").body
    t.ask(200, "GET", "incidents?limit=1")
    t.refuse(404, "not_found", "GET", "incidents?monitor=nobody")
    incident = page["data"][0]["id"]
    t.ask(200, "GET", f"incidents?cursor={incident}")
    t.ask(200, "POST", f"incidents/{incident}/acknowledge", {"note": "looking"})
    t.ask(200, "POST", f"incidents/{incident}/note", {"note": "found it"})
    until("it was told", lambda: t.hook.notices("monitor.down", "broken"))
    until("its delivery is kept", lambda: any(one["log"] for one in t.ask(200, "GET", f"incidents/{incident}").body["deliveries"]))
    nobody = "019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a"
    t.refuse(404, "not_found", "GET", f"incidents/{nobody}")
    t.refuse(404, "not_found", "POST", f"incidents/{nobody}/acknowledge")
    t.refuse(404, "not_found", "POST", f"incidents/{nobody}/note", {"note": "x"})
    alerts = t.ask(200, "GET", "alerts?monitor=broken&channel=ops&limit=1").body
    for state in ("waiting", "delivered", "dead", "suppressed"):
        t.ask(200, "GET", f"alerts?state={state}")
    t.refuse(404, "not_found", "GET", "alerts?monitor=nobody")
    t.ask(200, "GET", "alerts/" + alerts["data"][0]["key"])
    t.refuse(404, "not_found", "GET", "alerts/00")
    for event in ("monitor", "incident", "alert", "removed"):
        worker = threading.Timer(0.3, lambda: stir(t))
        worker.start()
        t.ask(200, "GET", f"events?topics={'monitor' if event == 'removed' else event}", until_event=f"event: {event}\n")
        worker.join()
    t.ask(200, "GET", "events", headers={"Last-Event-ID": "long-ago-1"}, until_event="event: reset")


def stir(t):
    """Something of every kind happens: a monitor is made, falls, is told about and removed."""
    bearer = {"Authorization": f"Bearer {t.tokens['admin']}"}
    t.client.ask("POST", "/api/v1/monitors", {"id": "stirred", "target": f"127.0.0.1:{t.closed}", "interval": "1s", "timeout": "1s",
                                              "channels": ["ops"]}, bearer)
    until("it is down", lambda: t.client.ask("GET", "/api/v1/monitors/stirred", None, bearer).body.get("status") == "down")
    time.sleep(0.2)  # nothing is decided by it: the events have their second
    t.client.ask("DELETE", "/api/v1/monitors/stirred", None, bearer)


def channels(t):
    url = f"http://127.0.0.1:{t.hook.port}/hook"
    hook = {"id": "hook", "type": "webhook", "url": url, "secret": "an-end-to-end-secret-of-32-bytes", "headers": {"X-Team": "shop"}}
    mail = {"id": "mail", "type": "email", "to": ["a@example.com"], "from": "t@example.com", "smtp": {"host": "127.0.0.1", "port": t.closed}}
    etag = t.ask(201, "POST", "channels", hook).headers["etag"]
    t.ask(201, "POST", "channels", mail)
    t.refuse(409, "id_taken", "POST", "channels", hook)
    t.ask(200, "GET", "channels")
    t.ask(200, "GET", "channels/hook")
    t.refuse(404, "not_found", "GET", "channels/nobody")
    whole = {name: value for name, value in hook.items() if name != "id"}
    t.ask(200, "PUT", "channels/hook", {**whole, "name": "Hook"}, headers={"If-Match": etag})
    t.ask(200, "PATCH", "channels/hook", {"name": "Hooks"})
    t.ask(200, "PATCH", "channels/hook", {"name": None}, headers={"Content-Type": "application/merge-patch+json"})
    for method, body in (("PUT", whole), ("PATCH", {"name": "x"}), ("DELETE", None)):
        t.refuse(412, "revision_differs", method, "channels/hook", body, headers={"If-Match": etag})
        t.refuse(409, "owned_by_project", method, "channels/ops", body)
        t.refuse(404, "not_found", method, "channels/nobody", body)
    t.ask(200, "POST", "channels/hook/test")
    t.ask(200, "POST", "channels/mail/test")
    t.refuse(404, "not_found", "POST", "channels/nobody/test")
    for kind in ("webhook", "email"):
        t.ask(200, "POST", "channels/preview", {"type": kind, "event": "monitor.down"})
    t.ask(201, "POST", "monitors", {"id": "user-of-hook", "target": "127.0.0.1:9", "enabled": False, "channels": ["hook"]})
    t.refuse(409, "in_use", "DELETE", "channels/hook")
    t.ask(204, "DELETE", "channels/mail")


def accounts(t):
    t.ask(200, "GET", "setup", by=None)
    link = t.server.setup_token()
    who = {"user": "ann", "password": PASSWORD}
    t.assertIn(link, t.client.ask("GET", "/api/v1/setup/link", local=True).body["link"])
    refuse_bodies(t, "POST", "setup", {"by": None})  # once it is closed nothing is read any more
    t.refuse(403, "bad_setup_token", "POST", "setup", {"setup_token": "x" * 43, **who}, by=None)
    made = t.ask(201, "POST", "setup", {"setup_token": link, **who}, by=None)
    t.refuse(409, "setup_closed", "POST", "setup", {"setup_token": link, **who}, by=None)
    t.assertEqual(t.client.ask("GET", "/api/v1/setup/link", local=True).body["code"], "setup_closed")
    t.refuse(401, "unauthorized", "GET", "session", by=None)
    t.refuse(401, "bad_login", "POST", "session", {"user": "ann", "password": "no"}, by=None)
    signed_in = t.ask(200, "POST", "session", who, by=None)
    for _ in range(6):
        t.client.ask("POST", "/api/v1/session", {"user": "eve", "password": "no"})
    t.refuse(429, "too_many_attempts", "POST", "session", {"user": "eve", "password": "no"}, by=None)

    t.session = {"Cookie": signed_in.headers["set-cookie"].split(";")[0]}
    t.csrf = {**t.session, "X-CSRF-Token": signed_in.body["csrf_token"]}
    t.assertEqual(t.ask(200, "GET", "session", by=None, headers=t.session).body["user"]["name"], "ann")
    change = {"current": PASSWORD, "new": PASSWORD + "!"}
    t.ask(204, "POST", "password", change, by=None, headers=t.csrf)
    t.refuse(403, "forbidden", "POST", "password", change)
    for _ in range(5):
        t.refuse(403, "bad_password", "POST", "password", {**change, "current": "wrong"}, by=None, headers=t.csrf)
    t.refuse(429, "too_many_attempts", "POST", "password", {**change, "current": "wrong"}, by=None, headers=t.csrf)
    t.ask(204, "DELETE", "session", by=None, headers={"Cookie": made.headers["set-cookie"].split(";")[0], "X-CSRF-Token": made.body["csrf_token"]})

    t.refuse(403, "forbidden", "POST", "users", who)
    ben = {"user": "ben", "password": PASSWORD}
    t.assertEqual(t.client.ask("POST", "/api/v1/users", ben, local=True).status, 201)
    t.assertEqual(t.client.ask("POST", "/api/v1/users", ben, local=True).body["code"], "conflict")
    t.assertEqual(t.client.ask("PUT", "/api/v1/users/ben/password", {"password": PASSWORD}, local=True).status, 204)
    t.assertEqual(t.client.ask("PUT", "/api/v1/users/nobody/password", {"password": PASSWORD}, local=True).body["code"], "not_found")

    token = t.ask(201, "POST", "tokens", {"scope": "read", "name": "graphs"}).body
    t.ask(204, "DELETE", "tokens/" + token["id"])
    t.refuse(404, "not_found", "DELETE", "tokens/nobody")
    t.assertTrue(any(row["revoked"] for row in t.ask(200, "GET", "tokens").body["data"]))


def about_the_server(t):
    for path in ("system", "version", "presets", "schema/monitor"):
        t.ask(200, "GET", path)
    t.ask(200, "POST", "reload")
    before = t.server.config.read_text()
    t.server.write_config(before + "monitors: {}\n")
    t.refuse(422, "config_invalid", "POST", "reload")
    t.server.write_config(before)
    t.ask(200, "POST", "reload")
    for path in ("/api/v1/openapi.json", "/", "/api/docs"):
        page = t.client.ask("GET", path)
        if "etag" in page.headers:
            t.ask(304, "GET", path, by=None, headers={"If-None-Match": page.headers["etag"]})
            parts = re.findall(r'"\.?/?((?:assets|docs)/)([^"]+\.(?:js|css))"', page.body) if isinstance(page.body, str) else []
            for kind, name in parts[:2]:
                target = f"/{kind}{name}" if kind == "assets/" else f"/api/{kind}{name}"
                part = t.ask(200, "GET", target, by=None)
                t.ask(304, "GET", target, by=None, headers={"If-None-Match": part.headers["etag"]})
    for path in ("/assets/nothing.js", "/api/docs/nothing.js"):
        t.refuse(404, "not_found", "GET", path, by=None)
    t.ask(302, "GET", "docs", by=None)
    t.assertIn(t.client.ask("GET", "/incidents/019aa5c8-9b2a-7c3e-8a4d-1f2e3d4c5b6a").status, (302, 404))
    t.ask(200, "GET", "/docs/errors", by=None)
    for path in ("/livez", "/livez?verbose", "/readyz", "/readyz?verbose=1", "/metrics"):
        t.ask(200, "GET", path, by=None)
    t.ask(200, "GET", "/metrics", by=None, headers={"Accept": "application/openmetrics-text"})


def refuse_bodies(t, method, target, by):
    t.refuse(400, "invalid_json", method, target, b"{", **by)
    more = {**by, "headers": {**by.get("headers", {}), "Content-Type": "text/plain"}}
    t.refuse(415, "unsupported_media_type", method, target, b"{}", **more)


def is_for_people(operation):
    """Opened in a browser, by links that carry names of their own: it passes over a query."""
    return operation["tags"] == ["Pages"]


def every_usual_refusal(t):
    """What every operation of its kind must refuse, from the document alone."""
    for name, (method, path, operation) in t.contract.operations.items():
        target = re.sub(r"\{\w+\}", "x", path)
        t.refuse(401, "unauthorized", method, target, by=None, headers={"Authorization": "Bearer tocsin_" + "x" * 43})
        if is_for_people(operation):
            t.client.ask(method, target + "?utm_source=mail", None, {})
        else:
            t.refuse(422, "validation_failed", method, target + "?no_such_parameter=1")
        t.refuse(400, "bad_request_target", method, target + "?a=%zz")
        t.assertEqual(t.client.raw(method, target, f"{method} {target} HTTP/1.1\r\n\r\n".encode()).body["code"], "bad_request")
        length = f"{method} {target} HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n"
        t.assertEqual(t.client.raw(method, target, length.encode()).body["code"], "too_large")
        t.refuse(414, "target_too_long", method, target + "?a=" + "x" * 9000)
        if operation["x-scope"] in ("write", "admin"):
            t.refuse(403, "forbidden", method, target, by="read")
        if method != "GET":
            t.refuse(403, "csrf", method, target, by=None, headers=t.session)
            t.refuse(403, "origin", method, target, by=None, headers={**t.csrf, "Origin": "https://evil.example"})
        local = name in ("createUser", "setUserPassword")
        by = {"by": None, "headers": t.csrf} if name == "changePassword" else {"local": True} if local else {}
        if "requestBody" in operation and name != "setUp":
            refuse_bodies(t, method, target, by)
        if method == "POST":
            key = {"headers": {"Idempotency-Key": f"refusal-{name}"}}
            t.client.ask(method, target, b"{", {"Authorization": f"Bearer {t.tokens['admin']}", **key["headers"]})
            t.refuse(422, "idempotency_key_reused", method, target, b"[", **key)

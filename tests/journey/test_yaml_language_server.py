"""An editor's YAML language server completes, explains and refuses by the schema that is shipped.

The real server of Red Hat, where it is installed; in CI it is.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAD = """# yaml-language-server: $schema=./monitor.schema.json
agreement: own
title: Own
date: 2025-01-01
"""


class Server:
    """Speaks the language server protocol over pipes; blocks until what it asked for is answered."""

    def __init__(self, command, folder):
        self.process = subprocess.Popen(
            [*command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.folder, self.number, self.opened = folder, 0, 0
        self.diagnostics = {}
        here = {"uri": folder.as_uri(), "name": "x"}
        markdown = {"contentFormat": ["markdown", "plaintext"]}
        completion = {
            "completionItem": {"documentationFormat": ["markdown"], "snippetSupport": True}
        }
        capabilities = {
            "textDocument": {"hover": markdown, "completion": completion},
            "workspace": {"configuration": True},
        }
        self.ask(
            "initialize",
            {"processId": None, "rootUri": here["uri"], "workspaceFolders": [here],
             "capabilities": capabilities},
        )  # fmt: skip
        self.tell("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.until(lambda m: m.get("id") == self.number and "method" not in m)["result"]

    def until(self, wanted):
        while True:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                self.diagnostics[params["uri"]] = params["diagnostics"]
            if wanted(message):
                return message
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": self.answer(message)})

    @staticmethod
    def answer(message):
        if message["method"] != "workspace/configuration":
            return None
        yaml = {
            "validate": True,
            "hover": True,
            "completion": True,
            "schemaStore": {"enable": False},
        }
        return [
            yaml if item.get("section") == "yaml" else None for item in message["params"]["items"]
        ]

    def read(self):
        length = 0
        while (line := self.process.stdout.readline().strip()) != b"":
            name, _, value = line.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        assert length, "the server has gone"
        return json.loads(self.process.stdout.read(length))

    def open(self, text):
        """Its address, once the server has looked at it."""
        self.opened += 1
        file = self.folder / f"{self.opened}.yaml"
        file.write_text(text)
        uri = file.as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        self.until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics" and m["params"]["uri"] == uri
            )
        )
        return uri

    def at(self, method, text):
        """Ask about the place that is marked with ^ in a text."""
        before = text[: text.index("^")]
        uri = self.open(text.replace("^", ""))
        position = {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}
        return self.ask(
            f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position}
        )


@pytest.fixture(scope="module")
def server(support, tmp_path_factory):
    named = support("nodes").program("yaml-language-server")
    folder = tmp_path_factory.mktemp("editor")
    shutil.copy(ROOT / "rules" / "monitor.schema.json", folder)
    server = Server([named], folder)
    yield server
    server.process.kill()
    server.process.wait()
    server.process.stdin.close()
    server.process.stdout.close()


def offered(server, text):
    found = server.at("completion", text)
    return {item["label"]: item for item in found["items"]}


def test_the_keys_of_a_file_are_offered_with_what_they_mean(server):
    keys = offered(server, f"{HEAD}^\n")
    wanted = {"timezone", "parties", "source", "kinds", "coverage", "defaults", "commitments"}
    assert wanted <= set(keys)
    for key in wanted:
        assert keys[key].get("documentation"), key


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("commitments:\n  - id: a\n    ^\n", {"title", "quote", "deadline", "milestones", "rules", "about", "quiet"}),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        ^\n", {"when", "then", "for", "recover", "severity"}),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        when:\n          ^\n", {"update", "count", "silence", "sequence", "indicator", "all", "not"}),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        when:\n          count:\n            ^\n", {"update", "within", "at_least", "at_most"}),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        then:\n          ^\n", {"advance", "setback", "deliver", "stalled", "at_risk"}),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        when:\n          update:\n            kind: ^\n", {"meeting", "funding", "leadership_change"}),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        then:\n          advance: ^\n", {"limited", "substantial", "complete"}),
    ],
)  # fmt: skip
def test_what_may_stand_at_a_place_is_offered(server, text, wanted):
    assert wanted <= {label.strip('"') for label in offered(server, HEAD + text)}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("timez^one: UTC\n", "IANA zone"),
        ("commitments:\n  - id: a\n    qu^ote: q\n", "very words"),
        ("commitments:\n  - id: a\n    rules:\n      - id: r\n        the^n: deliver\n", "conclu"),
        ("defaults:\n  stal^led: 9d\n", "stalled"),
    ],
)
def test_a_key_says_what_it_means_where_the_pointer_rests(server, text, said):
    contents = server.at("hover", HEAD + text)["contents"]
    assert re.search(said, str(contents), re.IGNORECASE), contents


def test_mistakes_are_marked_where_they_stand_and_good_files_are_not(server):
    bad = HEAD + "commitments:\n  - {id: a, title: A, qote: q}\n"
    uri = server.open(bad)
    lines = {d["range"]["start"]["line"] for d in server.diagnostics[uri]}
    assert lines == {5}
    folder = ROOT / "tests" / "unit" / "language" / "good"
    books = [*folder.glob("*.yaml"), ROOT / "rules" / "jp-kr-tokyo-2025.yaml"]
    assert len(books) > 3
    for book in books:
        text = re.sub(
            r"^# yaml-language-server.*\n", "", book.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        uri = server.open("# yaml-language-server: $schema=./monitor.schema.json\n" + text)
        assert [d["message"] for d in server.diagnostics[uri]] == [], book.name

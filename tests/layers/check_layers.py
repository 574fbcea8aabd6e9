#!/usr/bin/env python3
"""Checks the rules of ARCHITECTURE.md whose break is a bug: include arrows, clocks and chance outside the shells, dead files, lengths.

check_layers.py ROOT        prints each break with its remedy; exit 1 when there is one
check_layers.py --self-test plants one break of each rule and expects it to be found
"""
import pathlib
import re
import sys
import tempfile

# Arrows point down only. A layer may include itself and these.
ARROWS = {
    "base": [],
    "model": ["base"],
    "core": ["model", "base"],
    "ports": ["model", "base"],
    "config": ["core", "ports", "model", "base"],
    "probe": ["core", "ports", "model", "base"],
    "store": ["core", "ports", "model", "base"],
    "notify": ["core", "ports", "model", "base"],
    "engine": ["config", "probe", "store", "notify", "core", "ports", "model", "base"],
    "api": ["engine", "config", "store", "notify", "core", "ports", "model", "base"],
    "cli": ["engine", "api", "config", "probe", "store", "core", "ports", "model", "base"],
    "apps": ["cli", "api", "engine", "config", "probe", "store", "notify", "core", "ports", "model", "base"],
}
LINES_MAX = 450  # a longer file has more than one idea

# pattern, where it is allowed (path prefixes), what to use instead
WORDS = [
    (r"\bsystem_clock::now|\bsteady_clock::now|\bclock_gettime\b|\bgettimeofday\b",
     ["src/engine/system_ports.cpp", "src/notify/curl_", "bench/", "apps/demo/"], "take a `now` or ports/clock.h"),
    (r"\bgetenv\b", ["apps/", "src/cli/", "src/config/config_files.cpp"], "pass the value in from apps or cli"),
    (r"\brand\(|\bmt19937|\brandom_device", ["bench/"], "ports/random.h"),
    (r"\bsleep_for\b|\busleep\(|\bsleep\(|\bnanosleep\(", ["bench/"], "a deadline of the loop"),
    (r"\bstd::thread\b|\bstd::jthread\b", ["src/store/", "src/notify/", "src/api/", "src/cli/", "src/probe/crypto_workers.", "apps/", "bench/"],
     "the loop; blocking work belongs to store, notify or api"),
    (r"(?<![\w.>])new [A-Za-z_:<]|(?<!=)\bdelete [a-z_]", [], "a value or make_unique"),
    (r"\bstd::cout\b|\bstd::cerr\b|\bprintf\(", ["apps/", "src/cli/", "bench/", "src/base/check.h"],
     "return the text; apps and cli print"),
    (r"\bco_await\b", [], "callbacks: g++ 12.2 miscompiles common coroutine forms"),
    (r"\bstd::regex\b", [], "RE2: linear time on hostile patterns"),
    (r"\bgetaddrinfo\b", [], "ports/resolver.h"),
]


def is_test(relative):
    return relative.name.endswith("_test.cpp") or any(
        word in relative.name for word in ("test_", "_suite", "fixture", "_samples"))


def strip_comments_and_strings(text):
    text = re.sub(r"//[^\n]*", "", text)
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group(0).count("\n"), text, flags=re.S)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)


def layer_of(relative):
    return relative.parts[1] if relative.parts[0] == "src" else relative.parts[0]


def check_includes(relative, text, problems):
    allowed = ARROWS.get(layer_of(relative))
    if allowed is None:
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#include "([a-z_]+)/', line)
        if match and match.group(1) in ARROWS and match.group(1) not in [*allowed, layer_of(relative)]:
            problems.append(f"{relative}:{number}: {layer_of(relative)} must not include {match.group(1)}: "
                            f"it may use {', '.join(allowed) or 'nothing'}")


def check_words(relative, text, problems):
    if is_test(relative):
        return
    for number, line in enumerate(strip_comments_and_strings(text).splitlines(), 1):
        for pattern, places, remedy in WORDS:
            if "unique_ptr<" in line and "new" in pattern:
                continue  # a factory of a class whose constructor is private
            if re.search(pattern, line) and not any(str(relative).startswith(p) for p in places):
                problems.append(f"{relative}:{number}: {re.search(pattern, line).group(0)!r} is not allowed here; use {remedy}")


def check_listed(root, relative, problems):
    if relative.suffix != ".cpp":
        return
    folder = relative.parent
    lists = [root / folder / "CMakeLists.txt", root / folder / "tests.cmake"]
    while folder.parent != pathlib.Path(".") and folder.parts:
        folder = folder.parent
        lists += [root / folder / "CMakeLists.txt", root / folder / "tests.cmake"]
    listed = "".join(path.read_text() for path in lists if path.exists())
    if relative.name not in listed:
        problems.append(f"{relative}: no CMakeLists.txt lists it; list it or delete it")


def check_one_definition(headers, problems):
    """Two types of one name in our namespace are one type to the linker: it takes whichever destructor it meets first."""
    seen = {}
    for relative, text in headers:
        for match in re.finditer(r"^(?:class|struct|enum class) (\w+)(?: final)?(?: : [^;{]*)? \{", text, re.M):
            name = match.group(1)
            if seen.setdefault(name, relative) != relative:
                problems.append(f"{relative}: {name} is defined in {seen[name]} too; the linker cannot tell them apart; rename one")


def check(root):
    problems = []
    files = sorted(p for folder in ("src", "apps") for p in (root / folder).rglob("*") if p.suffix in (".h", ".cpp"))
    for path in files:
        relative = path.relative_to(root)
        text = path.read_text(errors="replace")
        check_includes(relative, text, problems)
        check_words(relative, text, problems)
        check_listed(root, relative, problems)
        lines = text.count("\n")
        if lines > LINES_MAX and not relative.name.endswith("_test.cpp"):
            problems.append(f"{relative}: {lines} lines, more than {LINES_MAX}: it has more than one idea; split it")
        if path.suffix == ".h" and "#pragma once" not in text:
            problems.append(f"{relative}: no #pragma once")
    check_one_definition([(p.relative_to(root), p.read_text(errors="replace")) for p in files
                          if p.suffix == ".h" and not is_test(p.relative_to(root)) and "demo" not in p.parts], problems)
    if not files:
        problems.append(f"{root}: no sources found; is this the root of the repository?")
    return problems


def self_test():
    planted = {
        "src/core/a.cpp": ('#include "probe/prober.h"\n', "must not include probe"),
        "src/core/b.cpp": ("auto t = std::chrono::system_clock::now();\n", "system_clock::now"),
        "src/core/c.cpp": ("// quiet\n", "no CMakeLists.txt lists it"),
        "src/core/d.cpp": ("\n" * (LINES_MAX + 1), "split it"),
        "src/core/e.h": ("struct E {};\n", "no #pragma once"),
        "src/core/f.cpp": ("auto* p = new Thing;\n", "make_unique"),
        "src/core/h.h": ("#pragma once\nstruct Twice {\n};\n", ""),
        "src/core/i.h": ("#pragma once\nstruct Twice {\n};\n", "Twice is defined in"),
        "src/core/g.cpp": ("std::cout << 1;\n", "apps and cli print"),
    }
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "src/core").mkdir(parents=True)
        (root / "apps").mkdir()
        (root / "src/core/CMakeLists.txt").write_text("a.cpp b.cpp d.cpp f.cpp g.cpp")
        for name, (text, _) in planted.items():
            (root / name).write_text(text)
        found = check(root)
        for name, (_, message) in planted.items():
            if message and not any(p.startswith(name) and message in p for p in found):
                missed.append(f"{name}: expected a problem with {message!r}")
    return missed


if __name__ == "__main__":
    result = self_test() if sys.argv[1:] == ["--self-test"] else check(pathlib.Path(sys.argv[1]))
    print("\n".join(result) if result else "no breaks")
    sys.exit(1 if result else 0)

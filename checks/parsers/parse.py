"""Passes command lines to an engine's own argument parser; starts no server.

usage: parse.py ENGINE FOLDER VERSION
FOLDER has the engine's Python files. stdin: [{"args": [...], "files": {"config.yaml": "..."}}];
stdout: {"options": number of options of the parser, "refusals": [null or the parser's message]}.
"""

import argparse
import contextlib
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path
from unittest import mock

import stubs


def sglang(folder, version):
    os.environ.setdefault("SGLANG_USE_CPU_ENGINE", "1")
    for refuses_stubs_as_types in ("pydantic", "fastapi"):
        stubs.stub_package(refuses_stubs_as_types)
    stubs.open_package("sglang", folder, version)
    stubs.stub_package("sglang", keep=["sglang.srt.server_args", "sglang.srt.environ"])
    from sglang.srt.server_args import ServerArgs

    parser = argparse.ArgumentParser()
    ServerArgs.add_cli_args(parser)
    return argparse_parser(parser, parser)


def vllm(folder, version):
    sys.modules["regex"] = re  # close enough for what parsers match
    stubs.open_package("vllm", folder, version)
    import vllm.platforms
    from vllm.platforms.cpu import CpuPlatform

    vllm.platforms._current_platform = CpuPlatform()
    from vllm.entrypoints.openai.cli_args import make_arg_parser

    try:
        from vllm.utils.argparse_utils import FlexibleArgumentParser
    except ImportError:  # until 0.11
        from vllm.utils import FlexibleArgumentParser
    parser = FlexibleArgumentParser()
    serve = make_arg_parser(parser.add_subparsers(dest="subparser").add_parser("serve"))
    return argparse_parser(parser, serve)


def atom(folder, version):
    stubs.open_package("atom", folder, version)
    stubs.stub_package("atom", keep=["atom.entrypoints.openai_server", "atom.model_engine.arg_utils"])
    from atom.entrypoints.openai_server import main

    parser = parser_of(main)
    return argparse_parser(parser, parser)


class Parsing(Exception):
    """A program is about to parse its command line."""


def parser_of(main):
    """The parser that a program makes before it does anything else."""

    def caught(parser, *_):
        raise Parsing(parser)

    with mock.patch.object(argparse.ArgumentParser, "parse_args", caught):
        try:
            main()
        except Parsing as parsing:
            return parsing.args[0]
    raise RuntimeError(f"{main.__module__} parsed no command line")


def argparse_parser(parser, options):
    for action in options._actions:
        if action.choices is not None and not list(action.choices):
            action.choices = None  # a stub's list, which is empty
    return parser.parse_args, len(options._actions)


def refusal(parse, args, files):
    """The parser's objection to a command line, with its config files in the working folder."""
    said = io.StringIO()
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        try:
            with contextlib.redirect_stderr(said):
                parse(args)
        except SystemExit as end:
            return (said.getvalue().strip() or str(end.code)).splitlines()[-1]
    return None


if __name__ == "__main__":
    out, sys.stdout = sys.stdout, sys.stderr  # engines log while they are imported
    engine, folder, version = sys.argv[1:]
    sys.path.insert(0, folder)
    stubs.stub_missing(engine)
    parse, options = {"sglang": sglang, "vllm": vllm, "atom": atom}[engine](folder, version)
    refusals = [refusal(parse, **case) for case in json.load(sys.stdin)]
    json.dump({"options": options, "refusals": refusals}, out)
    out.flush()
    os._exit(0)  # skips exit handlers that stubs have registered

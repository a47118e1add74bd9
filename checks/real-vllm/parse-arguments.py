"""Parses `vllm serve` command lines with the parser that `vllm serve` itself uses; starts no server.

stdin: [{"argv": [...], "files": {"config.yaml": "..."}}]; stdout: the version and a verdict for each.
"""

import contextlib
import io
import json
import os
import sys
import tempfile
from pathlib import Path

import yaml

# vLLM logs to stdout while it is imported.
OUT = sys.stdout
sys.stdout = sys.stderr

import vllm  # noqa: E402
from vllm.engine.arg_utils import AsyncEngineArgs  # noqa: E402
from vllm.entrypoints.cli.serve import ServeSubcommand  # noqa: E402

try:
    from vllm.utils.argparse_utils import FlexibleArgumentParser
except ImportError:  # until 0.11
    from vllm.utils import FlexibleArgumentParser


def make_parser() -> FlexibleArgumentParser:
    parser = FlexibleArgumentParser(prog="vllm")
    ServeSubcommand().subparser_init(parser.add_subparsers(dest="subparser"))
    return parser


def verdict(parser: FlexibleArgumentParser, argv: list[str], files: dict[str, str]) -> dict:
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        for name, text in files.items():
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text)
        return {"flags": flags_of(argv, files), **parse(parser, argv[1:])}


def parse(parser: FlexibleArgumentParser, argv: list[str]) -> dict:
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            args = parser.parse_args(argv)
            ServeSubcommand().validate(args)
            AsyncEngineArgs.from_cli_args(args)
    except SystemExit:
        return refusal(said.getvalue().strip().splitlines()[-1])
    except Exception as error:  # a value that the engine's own types reject
        return refusal(f"{type(error).__name__}: {error}")
    return {"accepted": True, "unrecognized": []}


def refusal(error: str) -> dict:
    _, _, rest = error.partition("unrecognized arguments: ")
    return {"accepted": False, "unrecognized": [name_of(word) for word in rest.split() if is_flag(word)], "error": error}


def flags_of(argv: list[str], files: dict[str, str]) -> list[str]:
    """Names of all flags, including those of the file of `--config`."""
    keys = [key for name, text in files.items() if name in argv for key in yaml.safe_load(text) or {}]
    return sorted({*(name_of(word) for word in argv if is_flag(word)), *(f"--{key}" for key in keys)})


def is_flag(word: str) -> bool:
    return word.startswith("-") and len(word) > 1 and not word[1].isdigit()


def name_of(word: str) -> str:
    return word.partition("=")[0]


if __name__ == "__main__":
    shared = make_parser()
    verdicts = [verdict(shared, **case) for case in json.load(sys.stdin)]
    json.dump({"version": vllm.__version__, "knownEnv": sorted(vllm.envs.environment_variables), "verdicts": verdicts}, OUT)
    OUT.flush()
    # Threads that torch left running may outlive the interpreter.
    os._exit(0)

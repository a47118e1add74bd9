/** Names in the eval's folder. */
export const LM_EVAL_FILES = {
  program: 'run_lm_eval.py',
  out: 'out',
  data: 'data',
  results: 'results.json',
  samples: 'samples.jsonl',
} as const;

/**
 * Runs lm_eval in its own process and puts what it wrote under fixed names. What `as-inferencex` changes is what InferenceX's
 * utils/evals/patches/lm_eval_sitecustomize.py does at 843c625, but that a response that is no chat completion is asked for again: there it
 * is scored as an empty answer.
 */
export const LM_EVAL_PROGRAM = `"""Runs lm_eval. Arguments: a folder, "as-inferencex" or "as-it-is", then those of lm_eval."""

import glob
import hashlib
import importlib.metadata
import json
import os
import runpy
import shutil
import sys

folder, patch, *arguments = sys.argv[1:]
out = os.path.join(folder, "${LM_EVAL_FILES.out}")


def change_client():
    from lm_eval.models.api_models import JsonChatStr, TemplateAPI
    from lm_eval.models.openai_completions import LocalChatCompletion

    def parse_generations(outputs, **_):
        answers = []
        for output in outputs if isinstance(outputs, list) else [outputs]:
            for choice in sorted(output["choices"], key=lambda one: one.get("index") or 0):
                message = choice["message"]
                answers.append(message.get("content") or message.get("reasoning_content") or "")
        return answers

    def apply_chat_template(self, chat_history, add_generation_prompt=True):
        return JsonChatStr(json.dumps(list(chat_history), ensure_ascii=False))

    LocalChatCompletion.parse_generations = staticmethod(parse_generations)
    TemplateAPI.apply_chat_template = apply_chat_template


def known_as():
    """lm_eval only runs a task's file if it knows a task of that name: arguments that make it known, where it doesn't."""
    from lm_eval.tasks import TaskManager
    from lm_eval.utils import load_yaml_config

    path = arguments[arguments.index("--tasks") + 1]
    if not os.path.isfile(path):
        return []
    name = load_yaml_config(path, mode="simple").get("task")
    return [] if name in TaskManager().task_index else ["--include_path", os.path.dirname(path)]


def installed():
    distribution = importlib.metadata.distribution("lm_eval")
    source = json.loads(distribution.read_text("direct_url.json") or "{}")
    return {"version": distribution.version, "commit": source.get("vcs_info", {}).get("commit_id")}


def digests():
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "${LM_EVAL_FILES.data}", "*"))):
        with open(path, "rb") as file:
            found[os.path.basename(path)] = hashlib.sha256(file.read()).hexdigest()
    return found


def revision(dataset):
    """Commit of a data set in the cache of Hugging Face; None where it isn't known."""
    try:
        from huggingface_hub.constants import HF_HUB_CACHE

        with open(os.path.join(HF_HUB_CACHE, "datasets--" + dataset.replace("/", "--"), "refs", "main")) as file:
            return file.read().strip()
    except (ImportError, OSError):
        return None


def only(pattern):
    found = glob.glob(os.path.join(out, "**", pattern), recursive=True)
    if len(found) != 1:
        sys.exit(f"lm_eval wrote {len(found)} files {pattern}, not one")
    return found[0]


def write(name, lines):
    path = os.path.join(folder, name)
    with open(path + ".tmp", "w", encoding="utf-8") as file:
        file.writelines(lines)
    os.replace(path + ".tmp", path)


def samples():
    for path in sorted(glob.glob(os.path.join(out, "**", "samples_*.jsonl"), recursive=True)):
        with open(path, encoding="utf-8") as file:
            yield from file


shutil.rmtree(out, ignore_errors=True)
if patch == "as-inferencex":
    change_client()
sys.argv = ["lm_eval", *arguments, *known_as()]
try:
    runpy.run_module("lm_eval", run_name="__main__", alter_sys=True)
except SystemExit as ended:
    if ended.code not in (None, 0):
        raise
with open(only("results_*.json"), encoding="utf-8") as file:
    results = json.load(file)
paths = {config.get("dataset_path") for config in results.get("configs", {}).values()}
known = {path: revision(path) for path in paths if path and path != "json"}
write("${LM_EVAL_FILES.samples}", samples())
write(
    "${LM_EVAL_FILES.results}",
    [json.dumps({"lm_eval": installed(), "data": digests(), "revisions": known, "written": results})],
)
`;

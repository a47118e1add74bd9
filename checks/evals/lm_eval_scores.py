"""What lm-eval makes of a task and given answers: prompts, what its filters find, scores. Reads and writes JSON."""

import json
import sys

from lm_eval.api.metrics import mean_stderr
from lm_eval.api.task import ConfigurableTask
from lm_eval.utils import load_yaml_config

given = json.load(sys.stdin)
config = load_yaml_config(given["task"])
if given["data"]:
    config.update(dataset_path="json", dataset_name=None, dataset_kwargs={"data_files": given["data"]})
if given["num_fewshot"] is not None:
    config["num_fewshot"] = given["num_fewshot"]
task = ConfigurableTask(config=config)
task.set_fewshot_seed(seed=given["seed"])


def chat_template(messages, add_generation_prompt=True):
    return json.dumps(messages)


task.build_all_requests(apply_chat_template=True, fewshot_as_multiturn=True, chat_template=chat_template)
prompts = [json.loads(instance.args[0]) for instance in task.instances]
for instance, answer in zip(task.instances, given["answers"], strict=True):
    instance.resps.append(answer)
task.apply_filters()
filters = {}
for name in task.instances[0].filtered_resps:
    found = [instance.filtered_resps[name] for instance in task.instances]
    scores = [float(task.process_results(i.doc, [f])["exact_match"]) for i, f in zip(task.instances, found)]
    mean = task.aggregation()["exact_match"](scores)
    filters[name] = {"found": found, "scores": scores, "mean": mean, "stderr": mean_stderr(scores)}
json.dump({"prompts": prompts, "filters": filters}, sys.stdout)

"""Writes a tiny Llama with random weights into a Hugging Face cache, so that `hf download` and vLLM find it offline.

usage: make-model.py HUB REPOSITORY
"""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

# At least 30,000: if a model's vocabulary is unknown, Sweepline's prompts are ids of [1000, 30000).
VOCABULARY = 32_000
SPECIAL = ["<unk>", "<s>", "</s>"]
REVISION = "0" * 40


def main(hub: Path, repository: str) -> None:
    cached = hub / f"models--{repository.replace('/', '--')}"
    snapshot = cached / "snapshots" / REVISION
    snapshot.mkdir(parents=True, exist_ok=True)
    write_tokenizer(snapshot)
    write_weights(snapshot)
    (cached / "refs").mkdir(exist_ok=True)
    (cached / "refs" / "main").write_text(REVISION)


def write_tokenizer(folder: Path) -> None:
    words = SPECIAL + [f"w{i}" for i in range(len(SPECIAL), VOCABULARY)]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token=SPECIAL[0]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    unk, bos, eos = SPECIAL
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token=unk, bos_token=bos, eos_token=eos
    ).save_pretrained(folder)


def write_weights(folder: Path) -> None:
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=256,
        intermediate_size=512,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=4096,
        bos_token_id=1,
        eos_token_id=2,
        tie_word_embeddings=True,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])

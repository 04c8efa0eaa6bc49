#!/usr/bin/env bash
# Evaluates a model before and after training over the benchmarks that the paper names: lmms_eval.sh MODEL OUT [CARDS]
# Written against lmms-eval 0.7.3, whose tasks cover all twelve; docs/recipes.md has the table. Its own parser took this
# command line, and its task manager knows every task; no benchmark was run. Some tasks compare the whole reply, so that a model
# which thinks aloud loses by its form: the same page says which.
#
# Some tasks have a model judge the answers: set OPENAI_API_KEY, or OPENAI_API_URL for a judge of your own.
set -euo pipefail
model=$1 out=$2 cards=${3:-1}

# Those of the paper's ablation come first: TASKS=… takes others.
ablation=mathvision_test,mmmu_pro,realworldqa,erqa,video_mmmu
others=emma,babyvision,zerobench,charxiv_val_reasoning,infovqa_val,videomme,mmvu_val_cot
exec python -m lmms_eval \
    --model vllm \
    --model_args "model=$model,tensor_parallel_size=$cards,trust_remote_code=False,max_new_tokens=8192" \
    --tasks "${TASKS:-$ablation,$others}" \
    --batch_size 64 \
    --log_samples \
    --output_path "$out"

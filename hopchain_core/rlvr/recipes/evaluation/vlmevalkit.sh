#!/usr/bin/env bash
# The same through VLMEvalKit, for eight of the twelve: vlmevalkit.sh MODEL_NAME OUT [CARDS]
# Data set names as in ms-vlmeval 0.0.20, looked up in its source; docs/recipes.md has the table. It was read, not run.
#
# MODEL_NAME is an entry of vlmeval/config.py: add one for a trained model, with model_path the folder of the run.
set -euo pipefail
name=$1 out=$2 cards=${3:-1}
exec torchrun --nproc-per-node="$cards" run.py \
    --model "$name" \
    --data MathVision MMMU_Pro_10c MMMU_Pro_V RealWorldQA ERQA EMMA CharXiv_reasoning_val InfoVQA_VAL Video-MME VideoMMMU \
    --work-dir "$out" \
    --verbose

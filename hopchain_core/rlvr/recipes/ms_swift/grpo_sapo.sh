#!/usr/bin/env bash
# GRPO with SAPO in ms-swift on a set of `hopchain export --format ms-swift`: grpo_sapo.sh EXPORT MODEL OUT
# Written against ms-swift 4.6.0; docs/recipes.md says what of it was run.
set -euo pipefail
export_dir=$1 model=$2 out=$3
reward=$(python -c 'import hopchain_core.rlvr.ms_swift as reward; print(reward.__file__)')

# The set has no system prompt and asks for the form itself; of rewards there is one, so that the filter of groups
# (--dynamic_sample: groups without spread are sampled anew, as in DAPO) is a filter by accuracy. Without validation rows
# leave --val_dataset out.
arguments=(
    --rlhf_type grpo
    --model "$model"
    --dataset "$export_dir/train.jsonl"
    --val_dataset "$export_dir/validation.jsonl"
    --external_plugins "$reward"
    --reward_funcs hopchain
    --loss_type sapo
    --tau_pos 1.0
    --tau_neg 1.05
    --importance_sampling_level token
    --scale_rewards group
    --beta 0.0
    --num_generations 8
    --num_iterations 2
    --dynamic_sample true
    --max_resample_times 3
    --temperature 1.0
    --max_length 8192
    --max_completion_length 8192
    --truncation_strategy raise
    --per_device_train_batch_size 8
    --gradient_accumulation_steps 8
    --learning_rate 1e-6
    --torch_dtype bfloat16
    --tuner_type full
    --freeze_vit false
    --use_vllm true
    --vllm_mode colocate
    --vllm_gpu_memory_utilization 0.4
    --num_train_epochs 1
    --logging_steps 1
    --save_steps 50
    --output_dir "$out"
)
exec swift rlhf "${arguments[@]}"

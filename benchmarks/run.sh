#!/usr/bin/env bash
# run.sh BUILD [COMPILE-DATABASE-DIR]: CPU seconds of whole processes, and their ratio to forklint's.
# Python: forklint, ripgrep and ruff on the library tree of a CPython, without what was installed into it
# (FORKLINT_BENCH_TREE, else python3's own), and on celery, kombu and billiard as one program, where
# `./dev ecosystem` keeps them.
# C and C++: cpp.py, on two projects of the same folder and on the compile database that is given.
# Nothing is asserted: machines differ. Each row is the best of FORKLINT_BENCH_RUNS (3) runs.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=$1 database=${2:-}
runs=${FORKLINT_BENCH_RUNS:-3}
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# Prints the user plus system seconds of a command; its children count. What it prints itself is thrown away.
cpu() {
  local TIMEFORMAT='%U %S'
  { time "$@" >/dev/null 2>"$output"; } 2>&1 | awk '{ print $1 + $2 }'
}

best() {
  local run least='' seconds
  for ((run = 0; run < runs; run++)); do
    seconds=$(cpu "$@")
    least=$(printf '%s\n' $least "$seconds" | sort -g | head -1)
  done
  echo "$least"
}

row() { awk -v name="$1" -v s="$2" -v base="$3" 'BEGIN { printf "%-34s %8.2f s  %6.2f\n", name, s, (base > 0 ? s / base : 0) }'; }

modules() { find "$@" -name site-packages -prune -o -name '*.py' -type f -print0; }
python_rows() {
  local name=$1 forklint
  shift
  echo "$name: $(modules "$@" | tr -cd '\0' | wc -c) files, $(modules "$@" | xargs -0 cat | wc -l) lines; CPU, times forklint's"
  forklint=$(best "$build/bin/forklint" check "$@")
  row "forklint check" "$forklint" "$forklint"
  row "rg fork|Process|Thread|Pool" "$(best rg --no-config -c 'fork|Process|Thread|Pool' -g '*.py' -g '!site-packages' "$@")" "$forklint"
  row "ruff check --no-cache" "$(best .venv-bench/bin/ruff check --isolated --no-cache --extend-exclude site-packages "$@")" "$forklint"
}

python_rows "Python's library" "${FORKLINT_BENCH_TREE:-$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')}"
python_rows "celery, kombu and billiard" build/ecosystem/{celery,kombu,billiard}-[0-9]*

# fish, and a project in C: where `./dev ecosystem` keeps them.
exec python3 benchmarks/cpp.py "$build/bin/forklint" build/ecosystem/{fish,libuv1}-[0-9]* ${database:+"$database"}

#!/usr/bin/env bash
# demo.sh BUILD: from source to proof. Finds the article's deadlock and its transfer in source, forces the one, measures
# the other, and sums up what was proven. ./dev demo calls it after the build.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=$1
forklint=$build/bin/forklint
records=$build/demo
server=$build/demo/server
mkdir -p "$records"
summary=() failed=0

step() { printf '\n== %s\n' "$*"; }
show() { printf '$ %s\n' "${*//$build\//build/}"; "$@"; }

# expect STATUS WHAT STATUS-FOUND: a line of the summary.
expect() {
  if [[ $1 == "$3" ]]; then
    summary+=("proven      $2")
  else
    summary+=("NOT PROVEN  $2 (exit status $3, expected $1)")
    failed=1
  fi
}

# expect_rule RULE PATH REPORT WHAT
expect_rule() {
  if grep -q "^$2:.*$1" "$3"; then
    summary+=("found       $4: $(grep -m1 "^$2:.*$1" "$3" | cut -d: -f1,2)")
  else
    summary+=("NOT FOUND   $4")
    failed=1
  fi
}

# expect_evidence TEXT REPORT WHAT: a finding carries what was seen.
expect_evidence() {
  if grep -q "$1" "$2"; then
    summary+=("attached    $3")
  else
    summary+=("NOT ATTACHED  $3")
    failed=1
  fi
}

step "The article's program, checked"
show "$forklint" check docs/examples/article --output full --output "concise=$records/article.txt"
expect_rule lock-shared-with-child docs/examples/article/app.py "$records/article.txt" "the fork beside a thread that prints"
expect_rule large-pool-argument docs/examples/article/transfer.py "$records/article.txt" "1 GiB sent to a process"

step "A C++ server: the thread begins in log.cpp, the fork is in main.cpp"
cmake -S docs/examples/server -B "$server" -G Ninja -DCMAKE_CXX_COMPILER=clang++-19 >"$records/server.log" 2>&1 ||
  { cat "$records/server.log"; exit 2; }
show "$forklint" check -p "$server" docs/examples/server --output full --output "concise=$records/server.txt"
expect_rule lock-shared-with-child docs/examples/server/main.cpp "$records/server.txt" "the fork beside a thread of another file"

step "Both deadlocks, as they come, forced, and fixed"
show "$forklint" reproduce article --output text --output "json-lines=$records/article.jsonl" --output "html=$records/article.html"
expect 0 "the article's program hangs for ever when forced, and does not when fixed" $?
show "$forklint" reproduce mutex --output text --output "json-lines=$records/mutex.jsonl" --output "html=$records/mutex.html"
expect 0 "the C++ server hangs for ever when forced, and does not when fixed" $?

step "The transfer, measured on this machine"
venv=()
[[ ! -d .venv-measure ]] || venv=(--venv .venv-measure)
show "$forklint" measure article "${venv[@]}" --output text --output "json-lines=$records/measure.jsonl" --output "html=$records/measure.html"
expect 0 "what the transfer costs here, beside the article's figures" $?

step "The same programs again, with what was observed"
cat "$records"/*.jsonl >"$records/observed"
show "$forklint" check docs/examples/article --observed "$records/observed" --output full --output "full=$records/article-observed.txt"
expect_evidence 'article, forced: hang' "$records/article-observed.txt" "the forced hang to the fork in app.py"
expect_evidence 'measured: uint8-array' "$records/article-observed.txt" "the measured seconds to the transfer in transfer.py"
show "$forklint" check -p "$server" docs/examples/server --observed "$records/observed" --output full --output "full=$records/server-observed.txt"
expect_evidence 'mutex, forced: hang' "$records/server-observed.txt" "the forced hang to the fork in main.cpp"

step "Summary"
printf '%s\n' "${summary[@]}"
exit $failed

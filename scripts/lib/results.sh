# shellcheck shell=bash
# Results: files in `work` with one flat JSON object a line, one line a run.

# All values of key $2 in file $1, in the order of the runs.
values() { sed -n "s/.*\"$2\":\([0-9.]*\).*/\1/p" "${work:?}/$1.json"; }

# Of the numbers on standard input.
median() { sort -g | awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }

median_of() { values "$1" "$2" | median; }
worst_of() { values "$1" "$2" | sort -g | tail -n 1; }

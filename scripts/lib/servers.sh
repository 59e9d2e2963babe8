# shellcheck shell=bash
# Servers under measurement. One runs at a time, on loopback, and is ended by its process id.
#
# The one who sources this sets `work`, a folder on a real disk: durable is free in memory. Starting
# a server sets `url` and `server_pid`.

url=
server_pid=

# Starts Tidemark with the data folder $1.
start_tidemark() {
    : >"${work:?}/out" # What the server before has written is not an address of this one.
    "${server:?}" serve --host 127.0.0.1 --port 0 --data "$1" >"$work/out" 2>"$work/err" &
    server_pid=$!
    for _ in {1..600}; do
        url=$(sed -n 's/^listening on \(http:[^ ]*\).*/\1/p' "$work/out")
        [[ -z $url ]] || return 0
        is_running || break
        sleep 0.05
    done
    die "the server does not listen: $(tail -n 3 "$work/err")"
}

# Waits until a server that was just started answers $1.
await_answer() {
    for _ in {1..600}; do
        if curl -sf -o /dev/null "$1"; then return 0; fi
        is_running || break
        sleep 0.05
    done
    die "the server does not answer $1: $(tail -n 3 "$work/err")"
}

is_running() { kill -0 "$server_pid" 2>/dev/null; }

# A server that has not stopped after 10 seconds would hold its port and the processor for ever.
stop_server() {
    [[ -n $server_pid ]] || return 0
    kill "$server_pid" 2>/dev/null || true
    for _ in {1..100}; do
        is_running || break
        sleep 0.1
    done
    if kill -9 "$server_pid" 2>/dev/null; then note 'the server did not stop on SIGTERM'; fi
    wait "$server_pid" 2>/dev/null || true
    server_pid=
}

# For servers that cannot choose one by themselves.
free_port() {
    local port
    for _ in {1..100}; do
        port=$((20000 + RANDOM % 12000))
        if ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
    die 'there is no free port'
}

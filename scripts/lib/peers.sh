# shellcheck shell=bash disable=SC2154,SC2034
# Tidemark beside the servers that others use for the same work: the same input, in turns, on the
# same machine. Debian's packages are used where they are installed (or unpacked, with PATH and
# LD_LIBRARY_PATH pointing there); nothing is installed here.
#
# Neither of them waits for the disk before it answers, looks for duplicates or secrets, or counts
# anything; Tidemark does.
#
# The one who sources this sets what is not set here, and reads `failed`.

clickhouse_table='CREATE TABLE events (event_id String, type String, timestamp UInt64,
    session_id String, source_app String, agent_id String, data String)
    ENGINE = MergeTree PARTITION BY toDate(intDiv(timestamp, 1000)) ORDER BY (source_app, timestamp)'

# Measures pairs of runs against each peer that is there, and prints a table.
measure_peers() {
    command -v curl >/dev/null || die 'curl is missing: apt-get install curl'
    local peer found=()
    if command -v victoria-metrics >/dev/null; then found+=(victoria); else
        note 'victoria-metrics is missing: apt-get install victoria-metrics'
    fi
    if command -v clickhouse-server >/dev/null; then found+=(clickhouse); else
        note 'clickhouse-server is missing: apt-get install clickhouse-server clickhouse-client'
    fi
    ((${#found[@]} > 0)) || die 'there is nothing to compare with'
    for peer in "${found[@]}"; do
        prepare_peer "$peer"
        measure_pairs "$peer"
    done
    peer_row beside pair tidemark/s counted/s peer/s ratio 'CPU s' peer 'RSS MB' peer 'disk MB' peer
    for peer in "${found[@]}"; do print_pairs "$peer"; done
}

# Who goes first changes: whatever the first leaves behind must not always meet the same one.
measure_pairs() {
    local pair
    for ((pair = 1; pair <= runs; pair++)); do
        note "pair $pair of $runs: $1 (load average $(cut -d' ' -f1-3 /proc/loadavg))"
        if ((pair % 2)); then
            measure_tidemark "$1"
            measure_peer "$1"
        else
            measure_peer "$1"
            measure_tidemark "$1"
        fi
    done
}

measure_tidemark() {
    start_tidemark "$work/data"
    load_beside "$1" "$url" "$events" --settle >>"$work/$1.tidemark.json" || failed=1
    end_peer
}

measure_peer() {
    case $1 in
    victoria) start_victoria "$work/data" ;;
    clickhouse) start_clickhouse "$work/data" ;;
    esac
    load_beside "$1" "$url$(insertion "$1")" "$rows" >>"$work/$1.peer.json" || failed=1
    check_count "$1"
    end_peer
}

end_peer() {
    stop_server
    rm -rf "$work/data"
}

# VictoriaMetrics is sent a million samples of line protocol, ClickHouse a million events in one
# body.

prepare_peer() {
    case $1 in
    victoria) generate_samples ;;
    clickhouse)
        generate_events
        generate_rows
        ;;
    esac
}

# Sends to address $2 what is compared; events are file $3.
load_beside() {
    local input=(ingest --batch 0 --file "$3")
    [[ $1 != victoria ]] || input=(metrics write --file "$samples")
    "$bench" "${input[@]}" --url "$2" --pid "$server_pid" --folder "$work/data" --json "${@:4}"
}

insertion() {
    [[ $1 != clickhouse ]] || printf '/?query=INSERT%%20INTO%%20events%%20FORMAT%%20JSONEachRow'
}

speed_key() {
    case $1 in
    victoria) printf 'samples_per_second' ;;
    clickhouse) printf 'events_per_second' ;;
    esac
}

# Both answer that all is well where they have passed lines over.
check_count() {
    local count
    case $1 in
    victoria)
        count=$(curl -sf "$url/metrics" | sed -n 's/^vm_rows_inserted_total{type="influx"} //p')
        ;;
    clickhouse) count=$(curl -sf "$url/?query=SELECT%20count()%20FROM%20events") ;;
    esac
    [[ $count != 1000000 ]] || return 0
    note "$1 has $count of 1,000,000"
    failed=1
}

start_victoria() {
    url=http://127.0.0.1:$(free_port)
    victoria-metrics -httpListenAddr "${url#http://}" -storageDataPath "$1" -loggerLevel ERROR \
        >"$work/out" 2>"$work/err" &
    server_pid=$!
    await_answer "$url/health"
}

start_clickhouse() {
    local port
    port=$(free_port)
    url=http://127.0.0.1:$port
    mkdir -p "$1/tmp"
    write_clickhouse_settings "$1" "$port"
    clickhouse-server --config-file="$work/clickhouse.xml" >"$work/out" 2>"$work/err" &
    server_pid=$!
    await_answer "$url/"
    curl -sSf "$url/" --data-binary "$clickhouse_table" || die 'ClickHouse refuses the table'
}

write_clickhouse_settings() {
    cat >"$work/clickhouse.xml" <<END
<yandex>
    <logger><level>error</level><log>$work/log</log><errorlog>$work/err</errorlog></logger>
    <listen_host>127.0.0.1</listen_host>
    <http_port>$2</http_port>
    <path>$1/</path>
    <tmp_path>$1/tmp/</tmp_path>
    <users_config>$work/users.xml</users_config>
    <default_profile>default</default_profile>
    <default_database>default</default_database>
    <mark_cache_size>268435456</mark_cache_size>
</yandex>
END
    cat >"$work/users.xml" <<END
<yandex>
    <profiles><default>
        <input_format_skip_unknown_fields>1</input_format_skip_unknown_fields>
    </default></profiles>
    <users><default>
        <password></password>
        <networks><ip>127.0.0.1</ip></networks>
        <profile>default</profile>
        <quota>default</quota>
    </default></users>
    <quotas><default></default></quotas>
</yandex>
END
}

# The table.

peer_row() { printf '%-10s %6s %10s %10s %10s %6s %7s %7s %8s %8s %8s %8s\n' "$@"; }

print_pairs() {
    local pair key
    local -a columns=("$(speeds "$1")" "$(values "$1.tidemark" counted_per_second)"
        "$(values "$1.peer" "$(speed_key "$1")")" "$(ratios "$1")")
    for key in server_cpu_seconds server_peak_rss_mb folder_mb; do
        columns+=("$(values "$1.tidemark" "$key")" "$(values "$1.peer" "$key")")
    done
    for ((pair = 1; pair <= runs; pair++)); do
        print_line "$1" "$pair" "${pair}p" "${columns[@]}"
    done
    print_line "$1" median '' "${columns[@]}"
    awk -v ratio="$(median <<<"${columns[3]}")" 'BEGIN {
        print "           median of the ratios " ratio ", goal >= 1: " (ratio >= 1 ? "met" : "missed") }'
}

# $3 picks a line of each column; without it the median of each stands there.
print_line() {
    local column cells=()
    for column in "${@:4}"; do
        if [[ -n $3 ]]; then cells+=("$(sed -n "$3" <<<"$column")"); else
            cells+=("$(median <<<"$column")")
        fi
    done
    peer_row "$1" "$2" "${cells[@]}"
}

speeds() { values "$1.tidemark" "$(speed_key "$1")"; }

ratios() {
    paste <(speeds "$1") <(values "$1.peer" "$(speed_key "$1")") |
        awk '{ printf("%.2f\n", ($2 > 0) ? $1 / $2 : 0) }'
}

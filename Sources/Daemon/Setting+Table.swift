internal import EventFormats
internal import EventLog
internal import Folds
internal import HTTPAPI
internal import Intake
internal import Pipeline
internal import Rollup
internal import Streams
internal import WebSocketServer

extension Setting {
    /// All settings, in the order in which people look for them.
    public static let table: [Setting] =
        doors + folders + ingest + log + memory + rollups + kpis + webhooks + streams + requests

    private static let doors = [
        text("host", \.host, "address to listen on; only loopback until tokens exist"),
        number("port", "", \.port, 0...65_535, "port to listen on; 0 picks a free one"),
        list("allow_hosts", \.allowHosts, "further names under which the server may be addressed"),
        list("allow_origins", \.allowOrigins, "origins whose pages may use the server"),
    ]

    private static let folders = [
        text("data", \.data, "the data folder"),
        text("redaction", \.redaction, "file with further redaction rules"),
        text("catalogue", \.catalogue, "file with metrics of your own"),
        text(
            "retention", \.retention,
            "file with what is kept and how long, or a folder with one such file"),
        text("kpis", \.kpis, "file with what is judged, or a folder with one such file"),
        text("webhooks", \.webhooks, "file with webhooks"),
        number(
            "retention_milliseconds", "ms", \.retentionMilliseconds, 100...86_400_000,
            "how often what is kept no longer is removed"),
    ]

    private static let kpis = [
        number(
            "kpi_delay_milliseconds", "ms", \.judging.delayMilliseconds, 0...600_000,
            "how long after its end a minute is judged"),
        number(
            "kpi_catch_up_milliseconds_max", "ms", \.judging.catchUpMillisecondsMax,
            0...604_800_000, "how far back minutes are judged that were missed"),
        number(
            "kpi_groups_max", "groups", \.judging.groupsMax, 1...100_000,
            "groups that one KPI judges"),
        number(
            "kpi_window_buckets_max", "buckets", \.judging.windowBucketsMax, 1...100_000_000,
            "buckets that one KPI's window may read"),
    ]

    private static let ingest = [
        number(
            "event_bytes_max", "bytes", \.intake.eventBytesMax, 1_024...(1 << 28),
            "one event as it comes"),
        number(
            "name_bytes_max", "bytes", \.intake.nameBytesMax, 16...4_096,
            "an id, an app's name or a type"),
        number(
            "event_members_max", "members", \.intake.decoder.membersMax, 16...65_536,
            "keys at the top of one event"),
        number(
            "event_depth_max", "levels", \.intake.decoder.depthMax, 8...120,
            "arrays and objects within one another in one event"),
        number(
            "timestamp_ahead_milliseconds_max", "ms", \.intake.timestampAheadMillisecondsMax,
            0...86_400_000, "how far in the future an event may lie"),
        number(
            "string_bytes_max", "bytes", \.intake.stringBytesMax, 0...(1 << 28),
            "what is kept of a string in an event's data; 0 for all of it"),
        number(
            "queue_events_max", "events", \.pipeline.queue.eventsMax, 1...(1 << 24),
            "events that wait for the disk"),
        number(
            "queue_bytes_max", "bytes", \.pipeline.queue.bytesMax, 4_096...(1 << 32),
            "bytes that wait for the disk"),
        number(
            "group_bytes_max", "bytes", \.pipeline.queue.groupBytesMax, 4_096...(1 << 28),
            "lines that share one write and one sync"),
        number(
            "dedupe_events_max", "events", \.pipeline.dedupe.eventsMax, 1...(1 << 26),
            "events among which a duplicate is known"),
        number(
            "dedupe_age_milliseconds_max", "ms", \.pipeline.dedupe.ageMillisecondsMax,
            1_000...(366 * 86_400_000), "how long a duplicate is known"),
        number(
            "transcript_sessions_max", "sessions", \.pipeline.transcripts.sessionsMax,
            1...(1 << 20), "sessions of which only new messages of a transcript are written"),
        number(
            "transcript_age_milliseconds_max", "ms", \.pipeline.transcripts.ageMillisecondsMax,
            0...(366 * 86_400_000), "after how long a transcript is written whole again"),
        number(
            "transcript_lines_max", "lines", \.pipeline.transcripts.linesMax, 1...65_536,
            "lines over which a transcript is spread before it is written whole again"),
    ]

    private static let log = [
        number(
            "partition_bytes_max", "bytes", \.pipeline.log.partitionBytesMax, 65_536...(1 << 36),
            "size at which a new partition is begun"),
        number(
            "partition_age_milliseconds_max", "ms", \.pipeline.log.partitionAgeMillisecondsMax,
            1_000...(366 * 86_400_000), "age at which a new partition is begun"),
        number(
            "seal_level", "level", \.sealing.level, 0...19,
            "how closed partitions are compressed, by zstd's levels; 0 leaves them plain"),
        number(
            "seal_age_milliseconds", "ms", \.sealing.ageMilliseconds, 0...(366 * 86_400_000),
            "age, from its beginning, at which a closed partition is sealed"),
        number(
            "seal_frame_bytes", "bytes", \.sealing.frameBytes, 16_384...(16 << 20),
            "lines that are compressed together: what reading one of them costs"),
        number(
            "frame_cache_bytes_max", "bytes", \.pipeline.log.frameCacheBytesMax, 0...(1 << 36),
            "decompressed frames of sealed partitions kept in memory"),
    ]

    private static let memory = [
        number(
            "recent_events_max", "events", \.pipeline.recent.eventsMax, 1...(1 << 24),
            "newest events kept in memory"),
        number(
            "recent_bytes_max", "bytes", \.pipeline.recent.bytesMax, 65_536...(1 << 34),
            "newest events kept in memory"),
        number(
            "scans_max", "scans", \.pipeline.reader.scansMax, 1...1_024,
            "questions that read files at once"),
        number(
            "scan_milliseconds_max", "ms", \.pipeline.reader.scanMillisecondsMax, 1...600_000,
            "how long one page is looked for; then it says where to go on"),
        number(
            "page_bytes_max", "bytes", \.pipeline.reader.pageBytesMax, 65_536...(1 << 32),
            "events of one page; a larger one ends early"),
        number(
            "filter_values_max", "values", \.pipeline.options.valuesMax, 1...(1 << 20),
            "apps, and types, in filter options"),
        number(
            "filter_sessions_max", "sessions", \.pipeline.options.sessionsMax, 1...(1 << 20),
            "sessions in filter options"),
    ]

    private static let rollups = [
        number(
            "flush_milliseconds", "ms", \.engine.flushMilliseconds, 10...60_000,
            "between two flushes of the rollups: what a crash makes the next start count again"),
        number(
            "telemetry_milliseconds", "ms", \.telemetryMilliseconds, 0...3_600_000,
            "how often the server's own numbers go into the log; 0 for never"),
        number(
            "fold_backlog_bytes_max", "bytes", \.pipeline.feed.bytesMax, 65_536...(1 << 34),
            "stored lines that are not counted yet; with more, senders wait"),
        number(
            "fold_wait_milliseconds_max", "ms", \.pipeline.feed.waitMillisecondsMax, 0...600_000,
            "how long a sender waits for the counting, before it is refused"),
        number(
            "pending_buckets_max", "buckets", \.engine.pendingBucketsMax, 1_000...(1 << 26),
            "changed buckets that are not stored yet"),
        number(
            "pending_chapters_max", "chapters", \.engine.pendingChaptersMax, 16...(1 << 20),
            "finished chapters of the event index that are not stored yet"),
        number(
            "settle_milliseconds_max", "ms", \.engine.settleMillisecondsMax, 1...60_000,
            "how long a query waits for what was acknowledged before it"),
        number(
            "live_series_max", "series", \.engine.fold.series.liveSeriesPerMetricMax, 1...1_000_000,
            "live series of a metric; further ones land in its overflow series"),
        number(
            "series_idle_milliseconds_max", "ms", \.engine.fold.series.idleMillisecondsMax,
            60_000...(366 * 86_400_000), "after how long without a sample a series retires"),
        number(
            "query_buckets_max", "buckets", \.api.queryBucketsMax, 1...(1 << 24),
            "buckets of one JSON answer"),
        number(
            "exposition_series_max", "series", \.api.expositionSeriesMax, 1...(1 << 20),
            "series of one exposition"),
    ]

    private static let streams = [
        number(
            "stream_queue_frames_max", "frames", \.pipeline.streams.queue.framesMax, 1...(1 << 20),
            "frames that wait for one client of a stream; further ones become a gap"),
        number(
            "stream_queue_bytes_max", "bytes", \.pipeline.streams.queue.bytesMax,
            4_096...(1 << 30), "the same in bytes"),
        number(
            "stream_backlog_bytes_max", "bytes", \.pipeline.streams.feed.backlogBytesMax,
            65_536...(1 << 34), "stored lines that wait to be streamed; further ones become a gap"),
        number(
            "stream_messages_max", "messages", \.pipeline.streams.feed.messagesMax, 1...(1 << 20),
            "messages of streams' clients that wait for their answer"),
        number(
            "stream_subscriptions_max", "subscriptions",
            \.pipeline.streams.book.subscriptionsMax, 1...10_000, "subscriptions of one connection"),
        number(
            "stream_filter_values_max", "values", \.pipeline.streams.message.filterValuesMax,
            1...100_000, "values in the filters of one subscription"),
        number(
            "stream_tick_milliseconds_max", "ms", \.pipeline.streams.tickMillisecondsMax, 0...1_000,
            "how long events wait to be sent together, at most"),
        number(
            "stream_heartbeat_seconds", "s", \.pipeline.streams.heartbeatSeconds, 1...3_600,
            "between two heartbeats of a stream"),
        number(
            "stream_replays_max", "replays", \.pipeline.streams.replaysMax, 1...1_024,
            "subscriptions that read the log at once"),
        number(
            "stream_message_bytes_max", "bytes", \.api.webSocket.messageBytesMax,
            1_024...(1 << 24), "a message of a WebSocket's client"),
        number(
            "stream_ping_seconds", "s", \.api.webSocket.pingSeconds, 1...3_600,
            "between two pings of a WebSocket"),
        number(
            "stream_silence_seconds_max", "s", \.api.webSocket.silenceSecondsMax, 1...86_400,
            "without a word of a WebSocket's client, which is asked for one"),
        number(
            "stream_close_seconds_max", "s", \.api.webSocket.closeSecondsMax, 1...3_600,
            "for a client's part of closing a WebSocket"),
    ]

    private static let requests = [
        number(
            "json_body_bytes_max", "bytes", \.api.jsonBodyBytesMax, 1_024...(1 << 30),
            "a JSON body; NDJSON is not limited"),
        number(
            "body_bytes_in_flight_max", "bytes", \.api.bodyBytesInFlightMax, 65_536...(1 << 34),
            "request bodies in memory at once"),
        number(
            "array_events_max", "events", \.api.arrayEventsMax, 1...(1 << 20),
            "events of one JSON array"),
        number(
            "recent_chat_bytes_max", "bytes", \.api.recentChatBytesMax, 0...(1 << 30),
            "transcripts in one answer of /events/recent; older events come without"),
        number(
            "connections_max", "connections", \.api.connectionsMax, 1...(1 << 20),
            "open connections; further ones wait"),
        number(
            "header_bytes_max", "bytes", \.api.headerBytesMax, 1_024...(1 << 20),
            "header of a request"),
        number(
            "header_fields_max", "fields", \.api.headerFieldsMax, 8...1_000, "header of a request"),
        number(
            "header_seconds_max", "s", \.api.headerSecondsMax, 1...3_600,
            "from connecting to the end of the header"),
        number(
            "body_idle_seconds_max", "s", \.api.bodyIdleSecondsMax, 1...3_600,
            "without a byte of a body"),
        number(
            "keep_alive_seconds_max", "s", \.api.keepAliveSecondsMax, 1...86_400,
            "an idle connection"),
        number(
            "shutdown_seconds_max", "s", \.shutdownSecondsMax, 1...3_600,
            "a graceful shutdown, before connections are cut"),
    ]
}

import ServerSupport
import Testing

/// What a Prometheus scrapes: it refuses all of it where one line is wrong.
@Suite(.server()) struct `An exposition` {
    let server: ServerProcess

    init() throws {
        server = try .shared()
    }

    private func exposition() throws -> ExpositionText {
        try ExpositionText(try server.get("/metrics").text)
    }

    @Test func `tells of events what they are counted in`() throws {
        let app = newMetric()
        for (type, data) in [
            ("PreToolUse", "{}"), ("PostToolUse", #"{"tool_name":"Bash","duration_ms":40}"#),
        ] {
            let answer = try server.post(
                #"{"type":"\#(type)","source_app":"\#(app)","session_id":"s","data":\#(data)}"#,
                to: "/events")
            #expect(answer.status == 200)
        }
        let text = try exposition()
        let events = try #require(text["events_total"])
        #expect(events.type == "counter" && events.help == "Events taken into the log.")
        #expect(
            events.samples.filter { $0.label("source_app") == app }.map(\.value) == [1, 1])
        let durations = try #require(text["tool_duration_seconds"])
        let own = durations.samples.filter { $0.label("source_app") == app }
        #expect(own.filter { $0.name.hasSuffix("_sum") }.map(\.value) == [0.04])
        #expect(own.first { $0.label("le") == "0.025" }?.value == 0)
        #expect(own.first { $0.label("le") == "0.05" }?.value == 1)
    }

    @Test func `keeps apart what a sender's tags would make one`() throws {
        let metric = newMetric()
        let tags =
            #"{"__name__":"evil","le":"0.5","a.b":"1","a_b":"2","text":"x\"y\\z\nnl é"}"#
        let sent = [("counter", "c", 7), ("distribution", "d", 3)].map { kind, name, value in
            #"{"metric":"\#(metric).\#(name)","kind":"\#(kind)","value":\#(value),"tags":\#(tags)}"#
        }
        #expect(try server.postSample("[\(sent.joined(separator: ","))]").status == 200)
        let text = try exposition()
        let family = metric.replacing(".", with: "_")
        let counter = try #require(text[family + "_c_total"])
        #expect(counter.help == "Samples of \(metric).c.")
        let sample = try #require(counter.samples.first)
        #expect(sample.value == 7 && sample.label("text") == "x\"y\\z\nnl é")
        #expect(Set(sample.labels.map(\.value)) == ["evil", "0.5", "1", "2", "x\"y\\z\nnl é"])
        #expect(text[family + "_d"]?.samples.last?.value == 1)
    }

    @Test(arguments: ["count", "sum", "bucket"])
    func `leaves out a metric that is named like a part of another`(part: String) throws {
        let metric = newMetric()
        let sent = [(metric, "distribution"), ("\(metric).\(part)", "gauge")].map {
            #"{"metric":"\#($0)","kind":"\#($1)","value":5}"#
        }
        #expect(try server.postSample("[\(sent.joined(separator: ","))]").status == 200)
        let text = try exposition()
        let family = metric.replacing(".", with: "_")
        #expect(text[family]?.type == "histogram")
        #expect(text["\(family)_\(part)"] == nil)
    }

    @Test func `tells how the server does, whatever senders call their metrics`() throws {
        let sent = ["tidemark.log.last_id", "tidemark_event_conflicts"].map {
            #"{"metric":"\#($0)","kind":"gauge","value":-5}"#
        }
        #expect(try server.postSample("[\(sent.joined(separator: ","))]").status == 200)
        let text = try exposition()
        #expect(try #require(text["tidemark_log_last_id"]?.samples.first?.value) > 0)
        #expect(text["tidemark_event_conflicts"]?.samples.first?.value ?? -1 >= 0)
    }
}

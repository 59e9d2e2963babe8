import Catalogue
import TimeSeries
import Testing

@Suite struct `A tool's duration` {
    private static let series = #"tool.duration{"source_app":"web","tool":"Bash"}"#

    private static func durations(_ lines: [SampleLine]) -> [Observed] {
        observed("tool.duration", lines)
    }

    @Test func `is the time between start and end, whichever comes first`() {
        let start = SampleLine.tool("PreToolUse", id: 1, at: 100)
        let end = SampleLine.tool("PostToolUse", id: 2, at: 350)
        #expect(Self.durations([start, end]) == [Observed(Self.series, "250", at: 350)])
        #expect(Self.durations([end, start]) == [Observed(Self.series, "250", at: 350)])
        let failure = SampleLine.tool("PostToolUseFailure", id: 2, at: 350)
        #expect(Self.durations([start, failure]) == [Observed(Self.series, "250", at: 350)])
    }

    @Test func `is the line's own word where it says one`() {
        let start = SampleLine.tool("PreToolUse", id: 1, at: 100)
        let end = SampleLine.tool("PostToolUse", id: 2, at: 350, duration: "7")
        #expect(Self.durations([start, end]) == [Observed(Self.series, "7", at: 350)])
        #expect(Self.durations([end, start]) == [Observed(Self.series, "7", at: 350)])
    }

    @Test func `is nothing where the end is before the start`() {
        let start = SampleLine.tool("PreToolUse", id: 1, at: 100)
        let end = SampleLine.tool("PostToolUse", id: 2, at: 40)
        #expect(Self.durations([start, end]) == [Observed(Self.series, "0", at: 100)])
        #expect(Self.durations([end, start]) == [Observed(Self.series, "0", at: 100)])
    }

    @Test func `is counted once for a pair`() {
        let start = SampleLine.tool("PreToolUse", id: 1, at: 100)
        let end = SampleLine.tool("PostToolUse", id: 2, at: 350)
        #expect(Self.durations([start, end, end]).count == 1)
        #expect(Self.durations([start, start, end]).count == 1)
        #expect(Self.durations([start, end, start, end]).count == 2)
    }

    @Test func `needs the same app, session, agent and tool use`() {
        let start = SampleLine.tool("PreToolUse", id: 1, at: 100)
        for change in 0..<5 {
            var end = SampleLine.tool("PostToolUse", id: 2, at: 350, use: change == 4 ? "u2" : "u1")
            if change == 0 { end.sourceApp = #""other""# }
            if change == 1 { end.sessionID = #""s2""# }
            if change == 2 { end.agentID = #""a1""# }
            if change == 3 { end.sessionID = #""\u0073\u0031""# }
            #expect(Self.durations([start, end]).count == (change == 3 ? 1 : 0))
        }
        let bare = [1, 2].map { SampleLine.tool("PreToolUse", id: $0, use: nil) }
        #expect(Self.durations(bare + [.tool("PostToolUse", id: 3, use: nil)]).isEmpty)
    }

    @Test func `keeps what stands on either side of a border apart`() {
        var start = SampleLine.tool("PreToolUse", id: 1)
        var end = SampleLine.tool("PostToolUse", id: 2)
        (start.sourceApp, start.sessionID) = (#""ab""#, #""c""#)
        (end.sourceApp, end.sessionID) = (#""a""#, #""bc""#)
        #expect(Self.durations([start, end]).isEmpty)
    }

    @Test func `is lost where too many ids lie between`() {
        var limits = LineObserver.Limits()
        limits.joinDistanceIDsMax = 10
        for (distance, count) in [(UInt64(10), 1), (11, 0)] {
            for types in [["PreToolUse", "PostToolUse"], ["PostToolUse", "PreToolUse"]] {
                var observer = LineObserver(limits: limits)
                let lines = [
                    SampleLine.tool(types[0], id: 5), .tool(types[1], id: 5 + distance),
                ]
                let found = observer.observe(lines).filter { $0.series == Self.series }
                #expect(found.count == count)
            }
        }
    }

    @Test func `is lost where too many wait`() {
        var limits = LineObserver.Limits()
        limits.openHalvesMax = 3
        var observer = LineObserver(limits: limits)
        for use in 0..<4 {
            _ = observer.observe(
                SampleLine.tool("PreToolUse", id: UInt64(use + 1), use: "u\(use)").text)
        }
        let ended = (0..<4).map { use in
            observer.observe(
                SampleLine.tool("PostToolUse", id: UInt64(use + 10), use: "u\(use)").text
            ).count == 4
        }
        #expect(ended == [false, true, true, true])
    }
}

@Suite struct `A wait for a permission` {
    private static let series = #"permission.wait{"source_app":"web","tool":"Bash"}"#

    private static func waits(_ lines: [SampleLine]) -> [Observed] {
        observed("permission.wait", lines)
    }

    @Test func `ends when the tool begins to run`() {
        let request = SampleLine.tool("PermissionRequest", id: 1, at: 1_000, use: nil)
        let end = SampleLine.tool("PostToolUse", id: 2, at: 9_000, duration: "500.5")
        #expect(Self.waits([request, end]) == [Observed(Self.series, "7499.5", at: 9_000)])
        #expect(Self.waits([end, request]) == [Observed(Self.series, "7499.5", at: 9_000)])
    }

    @Test func `ends with a failure or a denial`() {
        let request = SampleLine.tool("PermissionRequest", id: 1, at: 1_000, use: nil)
        for type in ["PostToolUseFailure", "PermissionDenied"] {
            let end = SampleLine.tool(type, id: 2, at: 3_000)
            #expect(Self.waits([request, end]) == [Observed(Self.series, "2000", at: 3_000)])
            #expect(Self.waits([end, request]) == [Observed(Self.series, "2000", at: 3_000)])
        }
    }

    @Test func `is never below nothing`() {
        let request = SampleLine.tool("PermissionRequest", id: 1, at: 1_000, use: nil)
        let end = SampleLine.tool("PostToolUse", id: 2, at: 3_000, duration: "2500")
        #expect(Self.waits([request, end]) == [Observed(Self.series, "0", at: 3_000)])
    }

    @Test func `does not end with an earlier use of the same input`() {
        let earlier = SampleLine.tool("PostToolUse", id: 1, at: 500)
        let request = SampleLine.tool("PermissionRequest", id: 2, at: 1_000, use: nil)
        let end = SampleLine.tool("PostToolUse", id: 3, at: 3_000, use: "u2")
        let wait = [Observed(Self.series, "2000", at: 3_000)]
        #expect(Self.waits([earlier, request, end]) == wait)
        #expect(Self.waits([request, earlier, end]) == wait)
    }

    @Test func `begins with the last of several requests`() {
        let abandoned = SampleLine.tool("PermissionRequest", id: 1, at: 1_000, use: nil)
        let request = SampleLine.tool("PermissionRequest", id: 2, at: 2_000, use: nil)
        let end = SampleLine.tool("PostToolUse", id: 3, at: 3_000)
        let wait = [Observed(Self.series, "1000", at: 3_000)]
        #expect(Self.waits([abandoned, request, end]) == wait)
        #expect(Self.waits([request, abandoned, end]) == wait)
    }

    @Test func `needs the same tool and the same input`() {
        let request = SampleLine.tool("PermissionRequest", id: 1, use: nil)
        #expect(Self.waits([request, .tool("PostToolUse", id: 2, tool: "Read")]).isEmpty)
        #expect(Self.waits([request, .tool("PostToolUse", id: 2, input: #"{"a":1}"#)]).isEmpty)
    }

    @Test func `keeps the newest ends for a request that comes late`() {
        var limits = LineObserver.Limits()
        limits.permissionEndsMax = 2
        var observer = LineObserver(limits: limits)
        for number in 1...3 {
            _ = observer.observe(
                SampleLine.tool(
                    "PostToolUse", id: UInt64(number), at: 100, input: "\(number)", duration: "1"
                ).text)
        }
        let found = (1...3).map { number in
            observer.observe(
                SampleLine.tool(
                    "PermissionRequest", id: UInt64(number + 10), use: nil, input: "\(number)"
                ).text
            ).count == 3
        }
        #expect(found == [false, true, true])
    }
}

import Catalogue
import TestSupport
import TimeSeries
import Testing

/// What a data folder keeps of an observer: rows by their key.
struct StoredState {
    private var state = ObserverState()
    private var rows: [ObserverChanges.Key: ObserverState.Entry] = [:]

    mutating func apply(_ changes: ObserverChanges) {
        if let catalogue = changes.catalogue { state.catalogue = catalogue }
        state.metrics += changes.metrics
        for key in changes.removed {
            #expect(rows.removeValue(forKey: key) != nil, "a row that was not stored was removed")
        }
        for entry in changes.written { rows[.init(row: entry.row, key: entry.key)] = entry }
    }

    var stored: ObserverState {
        var state = state
        state.entries = Array(rows.values)
        return state
    }
}

extension LineObserver.Limits {
    static let small: LineObserver.Limits = {
        var limits = LineObserver.Limits()
        limits.joinDistanceIDsMax = 40
        limits.openHalvesMax = 5
        limits.permissionEndsMax = 3
        limits.cumulativeSeriesMax = 3
        limits.metricsMax = 20
        return limits
    }()
}

@Suite struct `The joins` {
    @Test(arguments: seeds(20, long: 1_000))
    func `are those of a naive twin`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        #expect(Self.pairs(400, limits: .small, uses: RandomToolLine.fewUses, &random) > 60)
    }

    @Test(arguments: seeds(3, long: 100))
    func `are those of a naive twin where many wait`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var limits = LineObserver.Limits()
        limits.joinDistanceIDsMax = 3_000
        limits.openHalvesMax = 250
        limits.permissionEndsMax = 100
        #expect(Self.pairs(4_000, limits: limits, uses: 400, &random) > 600)
    }

    /// Compares line by line.
    /// - Returns: how many numbers came out.
    private static func pairs(
        _ count: Int, limits: LineObserver.Limits, uses: Int, _ random: inout SplitMix64
    ) -> Int {
        var observer = LineObserver(limits: limits)
        var twin = NaiveJoins(
            distance: limits.joinDistanceIDsMax, openHalvesMax: limits.openHalvesMax,
            permissionEndsMax: limits.permissionEndsMax)
        var id: UInt64 = 0
        var pairs = 0
        for _ in 0..<count {
            id += UInt64.random(in: 1...8, using: &random)
            let line = RandomToolLine(id: id, uses: uses, using: &random)
            let found = observer.observe(line.text).compactMap(Self.short)
            #expect(found == twin.observe(line), "line \(id)")
            pairs += found.count
        }
        #expect(observer.omissions.total == 0)
        return pairs
    }

    @Test func `find each of very many`() {
        var observer = LineObserver()
        for number in 1...3_000 {
            _ = observer.observe(
                SampleLine.tool("PreToolUse", id: UInt64(number), use: "u\(number)").text)
        }
        for number in (1...3_000).reversed() {
            let end = SampleLine.tool(
                "PostToolUse", id: UInt64(9_000 - number), at: 7, use: "u\(number)")
            #expect(observer.observe(end.text).count == 4)
        }
    }

    private static func short(_ observed: Observed) -> String? {
        if observed.series.hasPrefix("tool.duration{") {
            return "duration \(observed.value) @\(observed.time)"
        }
        guard observed.series.hasPrefix("permission.wait{") else { return nil }
        return "wait \(observed.value) @\(observed.time)"
    }
}

@Suite struct `An observer that is restored` {
    /// Lines of all kinds, in the order of the log.
    private static func lines(_ count: Int, using random: inout SplitMix64) -> [String] {
        var id: UInt64 = 0
        return (0..<count).map { _ in
            id += UInt64.random(in: 1...8, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0: return RandomSamples.line(id: id, using: &random)
            case 1: return RandomSamples.catalogue(id: id, using: &random)
            default: return RandomToolLine(id: id, using: &random).text
            }
        }
    }

    @Test(arguments: seeds(20, long: 1_000))
    func `goes on as if it had never stopped`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var steady = LineObserver(limits: .small)
        var stopped = LineObserver(limits: .small)
        var store = StoredState()
        for line in Self.lines(300, using: &random) {
            #expect(stopped.observe(line) == steady.observe(line), "\(line)")
            if random.isOnce(in: 4) { store.apply(stopped.takeChanges()) }
            if random.isOnce(in: 12) {
                store.apply(stopped.takeChanges())
                stopped = LineObserver(limits: .small, restoring: store.stored)
                #expect(stopped.takeChanges().isEmpty)
            }
        }
        #expect(stopped.catalogue == steady.catalogue)
        #expect(stopped.metrics.definitions == steady.metrics.definitions)
    }

    @Test func `reports nothing where nothing has changed`() {
        var observer = LineObserver()
        #expect(observer.takeChanges().isEmpty)
        _ = observer.observe(SampleLine(type: #""Stop""#).text)
        #expect(observer.takeChanges().isEmpty)
        _ = observer.observe(SampleLine.tool("PreToolUse").text)
        #expect(observer.takeChanges().written.count == 1)
        #expect(observer.takeChanges().isEmpty)
    }

    @Test func `knows its rows by these numbers`() {
        let rows: [ObserverRow] = [
            .half(.toolStart), .half(.toolEnd), .half(.permissionRequest), .half(.permissionEnd),
            .counter,
        ]
        #expect(rows.map(\.rawValue) == [1, 2, 3, 4, 5])
        #expect((0...6).map { ObserverRow(rawValue: $0) } == [nil] + rows + [nil])
    }

    @Test func `does not store what came and went in between`() {
        var observer = LineObserver()
        _ = observer.observe([
            .tool("PreToolUse", id: 1, input: "1"), .tool("PermissionDenied", id: 2, input: "2"),
            .tool("PermissionRequest", id: 3, input: "2"), .tool("PostToolUse", id: 4, input: "3"),
        ])
        let changes = observer.takeChanges()
        #expect(changes.removed.isEmpty)
        #expect(
            changes.written.map(\.row) == [.half(.permissionEnd)],
            "the end of the tool use, for a request that may come late")
    }
}

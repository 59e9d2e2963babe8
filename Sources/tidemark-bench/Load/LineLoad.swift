/// Lines, and how they are put into requests.
struct LineLoad: Sendable {
    enum Batching: Sendable {
        case single
        case batch(Int)
        case wholeFile
    }

    /// Where the lines come from: a file costs the generator less, fresh ones need no file.
    enum Lines: Sendable {
        case file(InputFile)
        /// So many a second in the events' own time.
        case events(perSecond: Double)
        case samples(SampleScenario)
    }

    let batching: Batching
    let lines: Lines
    /// Where a server has them sent, if its address has no path.
    let path: String
    let contentType: String
    var compression = Compression.no
    var linesMax: Int?

    /// The answer to many events says how many of them were taken.
    var hasCountsInAnswer: Bool { contentType == Self.ndjson }

    static let ndjson = "application/x-ndjson"

    static func events(
        _ batching: Batching, _ lines: Lines, compression: Compression = .no, linesMax: Int? = nil
    ) -> LineLoad {
        let isSingle = if case .single = batching { true } else { false }
        return LineLoad(
            batching: batching, lines: lines, path: "/events",
            contentType: isSingle ? "application/json" : ndjson,
            compression: compression, linesMax: linesMax)
    }

    /// Influx line protocol.
    static func samples(_ batching: Batching, _ lines: Lines, linesMax: Int?) -> LineLoad {
        LineLoad(
            batching: batching, lines: lines, path: "/write",
            contentType: "text/plain; charset=utf-8", linesMax: linesMax)
    }

    func makeSource() -> any LineSource {
        switch lines {
        case .file(let file): FileLines(file)
        case .events(let rate): FreshEvents(perSecond: rate, seed: .random(in: 0 ... .max))
        case .samples(let scenario): FreshSamples(scenario)
        }
    }
}

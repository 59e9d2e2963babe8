/// What a run is to send, and when it is to stop.
struct LoadPlan: Sendable {
    /// How lines are put into requests.
    enum Request: Sendable {
        case single
        case batch(Int)
        case wholeFile
    }

    /// Where the lines come from: a file costs the generator less, fresh ones need no file.
    enum Lines: Sendable {
        case file(InputFile)
        case fresh
    }

    let server: ServerAddress
    let connections: Int
    let request: Request
    let lines: Lines
    let compression: Compression
    let eventsMax: Int?
    let secondsMax: Double?
}

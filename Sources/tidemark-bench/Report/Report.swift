#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A run's numbers, for people and for scripts. Megabytes are millions of bytes.
struct Report {
    /// One number: its key for scripts, its name for people.
    struct Row {
        let key: String
        let name: String
        let value: Double
        var digits = 0
    }

    let rows: [Row]

    init(_ rows: [Row]...) {
        self.rows = rows.flatMap(\.self)
    }

    var table: String {
        var table = Table(alignment: [.left, .right])
        for row in rows { table.add([row.name, row.value.fixed(row.digits)]) }
        return table.text
    }

    /// Flat, on one line.
    var json: String {
        let members = rows.map { "\"\($0.key)\":\($0.value.fixed($0.digits))" }
        return "{\(members.joined(separator: ","))}"
    }
}

extension Tally {
    /// Says on standard error what went wrong first, since a count alone explains nothing.
    func complain() {
        guard let firstFailure else { return }
        let line = "error: the first failure was: \(firstFailure)\n"
        _ = line.utf8CString.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count - 1) }
    }
}

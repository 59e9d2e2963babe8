internal import Foundation
internal import GRDB
internal import TimeSeries

/// Columns by place. What is in a file is not taken on trust: another type, or a number out of its
/// range, is a fault and no trap.
extension Row {
    @inline(__always)
    func integer(_ place: Int) throws -> Int64 { try decode(Int64.self, atIndex: place) }

    func text(_ place: Int) throws -> String { try decode(String.self, atIndex: place) }

    func bytes(_ place: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: place) { $0.map { [UInt8]($0) } ?? [] }
    }

    func id(_ place: Int) throws -> EventID {
        guard let value = UInt64(exactly: try integer(place)) else { throw StorageFault.column }
        return EventID(value)
    }

    func series(_ place: Int) throws -> SeriesID {
        guard let value = UInt32(exactly: try integer(place)) else { throw StorageFault.column }
        return SeriesID(value)
    }

    func milliseconds(_ place: Int) throws -> Timestamp {
        Timestamp(milliseconds: try integer(place))
    }

    /// Of a bucket's or chunk's start: whole seconds, about the years 0000 to 9999.
    func seconds(_ place: Int) throws -> Timestamp {
        let seconds = try integer(place)
        guard seconds.magnitude < 1 << 40 else { throw StorageFault.column }
        return Timestamp(milliseconds: seconds * 1_000)
    }

    /// 16 ordered bytes.
    func sum(_ place: Int) throws -> Int128 {
        try withUnsafeData(atIndex: place) { data in
            guard let data, let sum = Int128(ordered: data.span) else { throw StorageFault.column }
            return sum
        }
    }

    /// An integer, or 16 ordered bytes.
    func quantity(_ place: Int) throws -> Quantity {
        let value = try decode(DatabaseValue.self, atIndex: place)
        switch value.storage {
        case .int64(let parts): return Quantity(parts: Int128(parts))
        default: return Quantity(parts: try sum(place))
        }
    }
}

extension StorageFault {
    static let column = StorageFault(.corrupt, "a column that is not as it was written")
}

// MARK: Arguments

extension EventID {
    /// - Throws: for an id that SQLite's integers do not hold; no log gets so far.
    var stored: Int64 {
        get throws(StorageFault) {
            guard let stored = Int64(exactly: value) else {
                throw StorageFault(.conflict, "an id of 2⁶³ or more")
            }
            return stored
        }
    }
}

extension SeriesID {
    var stored: Int64 { Int64(value) }
}

extension Timestamp {
    /// Of a bucket's or chunk's start.
    var storedSeconds: Int64 { milliseconds / 1_000 }
}

extension Int128 {
    /// 16 ordered bytes.
    var stored: Data {
        var bytes: [UInt8] = []
        bytes.append(ordered: self)
        return Data(bytes)
    }
}

extension Quantity {
    /// An integer where it fits, else 16 ordered bytes.
    var stored: any DatabaseValueConvertible {
        Int64(exactly: parts).map { $0 as any DatabaseValueConvertible } ?? parts.stored
    }
}

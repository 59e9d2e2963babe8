/// What is wrong with a definition file, and where.
public struct DefinitionFault: Error, Equatable, Sendable, CustomStringConvertible {
    public let file: String
    /// From 1; nil for the file as a whole.
    public let line: Int?
    public let message: String

    public var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}

/// All that is wrong with one file, at once.
public struct DefinitionFaults: Error, Sendable, CustomStringConvertible {
    public let faults: [DefinitionFault]

    public var description: String { faults.map(\.description).joined(separator: "\n") }
}

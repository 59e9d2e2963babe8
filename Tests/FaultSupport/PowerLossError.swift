/// The journal does not tell the whole story, so that no power loss can be made from it.
public enum PowerLossError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The folder of this path was not made in the journal and is not in the initial image.
    case unknownFolder(String)
    /// The file was changed by a way that the shim does not see (stdio, a shared mapping), or is
    /// missing in the initial image.
    case unseenWrite(String, size: Int, known: Int)

    public var description: String {
        switch self {
        case .unknownFolder(let path):
            "the journal names \(path), but not how its folder was made"
        case .unseenWrite(let path, let size, let known):
            "\(path) had \(size) bytes when it was synced, but \(known) by the journal"
        }
    }
}

/// The partitions that a folder holds, oldest first.
///
/// While one is sealed both of its files are there for a moment. The plain one then counts: it is the one
/// that is known to be whole.
struct FolderListing: Equatable {
    struct Entry: Equatable {
        let name: PartitionName
        let isSealed: Bool
    }

    let partitions: [Entry]

    /// Listings are not taken at one moment, so a partition that is sealed meanwhile may stand in neither
    /// form in one: the folder is listed until it says the same twice.
    init(_ folder: String) throws(LogError) {
        var listed = Self.partitions(try Folder.names(folder))
        for _ in 0..<Self.triesMax {
            let again = Self.partitions(try Folder.names(folder))
            if again == listed { break }
            listed = again
        }
        partitions = listed
    }

    private static let triesMax = 100

    private static func partitions(_ fileNames: [String]) -> [Entry] {
        let plain = Set(fileNames.compactMap { PartitionName(fileName: $0) })
        let sealed = Set(fileNames.compactMap { PartitionName(sealedFileName: $0) })
        return plain.union(sealed).sorted().map { name in
            Entry(name: name, isSealed: !plain.contains(name))
        }
    }
}

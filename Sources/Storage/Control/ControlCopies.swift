internal import Foundation
public import TimeSeries

/// The daily copies of `control.sqlite`, beside it: `control-20261125.sqlite`.
struct ControlCopies {
    let folder: String

    /// Oldest first.
    func names() throws(StorageFault) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter(Self.isCopy).sorted()
        } catch {
            throw StorageFault(.inputOutput, "\(folder) cannot be read")
        }
    }

    /// A store that is gone while its copies are there was lost: it is not begun anew. What had only its
    /// WAL yet has a first page too.
    func checkNothingIsLost(_ path: String) throws(StorageFault) {
        guard try !names().isEmpty else { return }
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        let bytes = attributes?[.size] as? Int ?? 0
        guard bytes == 0 else { return }
        throw StorageFault(.corrupt, "it is missing or empty, but copies of it are there")
    }

    static func name(_ day: Timestamp) -> String {
        let date = CivilTime(milliseconds: day.milliseconds)
        let number = date.year * 10_000 + date.month * 100 + date.day
        return "control-" + String(String(100_000_000 + number).dropFirst()) + ".sqlite"
    }

    private static func isCopy(_ name: String) -> Bool {
        guard name.hasPrefix("control-"), name.hasSuffix(".sqlite") else { return false }
        let digits = name.dropFirst(8).dropLast(7)
        return digits.count == 8 && digits.allSatisfy { ("0"..."9").contains($0) }
    }
}

extension ControlStore {
    /// The newest copy in a data folder, to be put in the place of a damaged store.
    public static func newestCopy(in folder: String) -> String? {
        (try? ControlCopies(folder: folder).names())?.last.map { folder + "/" + $0 }
    }

    /// Makes the copy of a day, where it is not there yet, and removes those beyond `copiesKept`.
    /// - Returns: the copy's name, if one was made.
    public func copyDaily(_ day: Timestamp) async throws(StorageError) -> String? {
        let (folder, kept) = (folder, limits.copiesKept)
        // On a thread of the store's own.
        return try await read("make the daily copy") { _ in
            let (copies, name) = (ControlCopies(folder: folder), ControlCopies.name(day))
            guard kept > 0, try !copies.names().contains(name) else { return nil }
            let path = folder + "/" + name
            let unfinished = path + ".part"
            try StoreFile.remove(unfinished)
            try DatabaseCopy.make(of: folder + "/" + Self.fileName, at: unfinished)
            try StoreFile.rename(unfinished, to: path)
            for old in try copies.names().dropLast(kept) {
                try StoreFile.remove(folder + "/" + old)
            }
            return name
        }
    }
}

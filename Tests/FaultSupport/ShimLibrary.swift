import Foundation

/// Where the build has put the preloaded library.
public enum ShimLibrary {
    static let name = "libFaultShim.so"
    /// Overrides the search.
    static let variable = "FAULT_SHIM_LIBRARY"

    /// Searches the folder of the running executable and the folders above it: a test bundle lies
    /// in the build folder, or a little below it.
    public static func find() throws(FaultSupportError) -> String {
        if let path = ProcessInfo.processInfo.environment[variable] { return path }
        let folders = foldersAbove(try executable())
        let paths = folders.map { $0 + "/" + name }
        guard let path = paths.first(where: FileManager.default.fileExists(atPath:)) else {
            throw FaultSupportError(
                operation: "find", path: name, reason: "it is in none of \(folders)")
        }
        return path
    }

    private static func executable() throws(FaultSupportError) -> String {
        let link = "/proc/self/exe"
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: link)
        } catch {
            throw FaultSupportError(operation: "read", path: link, reason: "\(error)")
        }
    }

    private static func foldersAbove(_ path: String) -> [String] {
        let levelsMax = 4
        let above = sequence(first: path) { ($0 as NSString).deletingLastPathComponent }
        return Array(above.dropFirst().prefix(levelsMax))
    }
}

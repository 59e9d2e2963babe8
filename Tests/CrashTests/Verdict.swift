import NIOPosix
import Pipeline
import ServerSupport
import Testing

/// What counting a data folder's log anew says of its rollups.
enum Verdict {
    /// By `tidemark verify`.
    /// - Parameter mayBeEmpty: whether it may be that nothing is counted yet.
    static func faults(of folder: String, mayBeEmpty: Bool = false) throws -> [String] {
        let run = try CommandRun(["verify", "--data", folder])
        let text = run.output + run.errors
        if mayBeEmpty, text.contains("nothing is counted yet"), run.status != 3 { return [] }
        let isClean = run.status == 0 && run.output.hasSuffix("\nall is as the log says\n")
        return isClean ? [] : ["verify exits with \(run.status): \(text)"]
    }

    /// The same in this process, which takes less time. It may be that nothing is counted yet.
    static func faultsHere(of folder: String) async -> [String] {
        do throws(RecountRefusal) {
            let verification = try Verification(
                folder: folder, limits: Engine.Limits(), threads: .singleton)
            let report = try await verification.run { _ in }
            return report.faults.isEmpty
                ? [] : ["verify: \(report.faults), \(report.differences.prefix(3))"]
        } catch {
            let isEmpty = error.code == .noStore || error.code == .noDataFolder
            return isEmpty ? [] : ["verify: \(error.message)"]
        }
    }
}

/// Expects that `tidemark verify` finds nothing wrong with the folder, while no server runs or beside one.
func expectVerified(
    _ folder: String, mayBeEmpty: Bool = false, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let faults = try Verdict.faults(of: folder, mayBeEmpty: mayBeEmpty)
    #expect(faults == [], sourceLocation: sourceLocation)
}

import ServerSupport

/// The rollups of a data folder.
enum Rollups {
    /// What is wrong with them, by `tidemark verify`.
    static func faults(_ folder: String) throws -> [String] {
        let run = try CommandRun(["verify", "--data", folder])
        return run.status == 0 ? [] : ["verify: \(run.status)\n\(run.output)\n\(run.errors)"]
    }
}

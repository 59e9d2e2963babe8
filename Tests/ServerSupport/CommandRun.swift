/// One run of a verb of `tidemark`, from its start to its end.
public struct CommandRun: Sendable {
    public let status: Int32
    public let output: String
    public let errors: String

    /// - Parameters:
    ///   - environment: added to the test's own.
    ///   - folder: to run in.
    public init(
        _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil
    ) throws {
        try self.init(
            Products.executable("tidemark"), arguments, environment: environment, in: folder)
    }

    /// Any program's run.
    public init(
        _ path: String, _ arguments: [String], environment: [String: String] = [:],
        in folder: String? = nil
    ) throws {
        let process = try RunningProcess(path, arguments, environment, in: folder)
        status = process.waitForExit()
        output = process.outputText
        errors = process.errorText
    }
}

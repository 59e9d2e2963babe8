/// A line of the answer to `POST /verify`: how far it is, some times; then the result, or why there is none.
public struct VerifyMessage: Codable, Equatable, Sendable {
    public struct Failure: Codable, Equatable, Sendable {
        public let code: String
        public let message: String
    }

    public var progress: RecountProgress?
    public var result: VerifyReport?
    public var error: Failure?

    public init(_ progress: RecountProgress) {
        self.progress = progress
    }

    public init(_ result: VerifyReport) {
        self.result = result
    }

    public init(_ refusal: RecountRefusal) {
        error = Failure(code: refusal.code.rawValue, message: refusal.message)
    }
}

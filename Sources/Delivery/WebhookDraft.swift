public import Storage
public import TimeSeries

/// A webhook as somebody asks for it, in a file or a request; checked in one place.
public struct WebhookDraft: Sendable {
    public static let idBytes = 1...64
    public static let secretsMax = 4
    public static let listMax = 100
    public static let nameBytesMax = 256
    static let levels = ["alert", "critical", "no_data"]

    /// What is wrong, and with which key.
    public struct Fault: Error, Equatable, Sendable {
        public let field: String
        public let message: String
    }

    public var id = ""
    public var url = ""
    public var format = WebhookFormat.standard.rawValue
    public var secrets: [String] = []
    public var kpis: [String] = []
    public var levels: [String] = []
    public var sourceApps: [String] = []
    public var isWatchdog = false

    public init() {}

    /// All that is wrong; nothing where it can be a webhook.
    public var faults: [Fault] {
        [
            fault("id", isID, "must be small letters, digits, _ and -, at most 64"), urlFault,
            fault(
                "format", WebhookFormat(rawValue: format) != nil,
                "must be one of "
                    + WebhookFormat.allCases.map(\.rawValue).joined(separator: ", ")),
            fault(
                "secrets",
                secrets.count <= Self.secretsMax
                    && secrets.allSatisfy { WebhookSecret($0) != nil },
                "must be at most \(Self.secretsMax), each whsec_ and 24 to 64 bytes in base64"),
            names("kpis", kpis), names("source_apps", sourceApps),
            fault(
                "levels", levels.count <= Self.listMax && levels.allSatisfy(Self.levels.contains),
                "must be of alert, critical and no_data"),
        ].compactMap(\.self)
    }

    public func row(isFromFile: Bool, createdAt: Timestamp) -> WebhookRow {
        var filter = WebhookRow.Filter()
        filter.kpis = kpis
        filter.levels = levels
        filter.sourceApps = sourceApps
        return WebhookRow(
            id: id, url: url, format: format, secrets: secrets, filter: filter,
            isWatchdog: isWatchdog, isFromFile: isFromFile, createdAt: createdAt)
    }

    private var isID: Bool {
        Self.idBytes.contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private var urlFault: Fault? {
        do throws(WebhookURL.Fault) {
            _ = try WebhookURL(url)
            return nil
        } catch {
            return Fault(field: "url", message: error.message)
        }
    }

    private func names(_ field: String, _ names: [String]) -> Fault? {
        fault(
            field,
            names.count <= Self.listMax
                && names.allSatisfy { (1...Self.nameBytesMax).contains($0.utf8.count) },
            "must be at most \(Self.listMax) texts of at most \(Self.nameBytesMax) bytes")
    }

    private func fault(_ field: String, _ isRight: Bool, _ message: String) -> Fault? {
        isRight ? nil : Fault(field: field, message: message)
    }
}

internal import Delivery
internal import Foundation

/// What `POST /webhooks` takes: unknown keys are errors.
struct WebhookBody: Decodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private static let keys = [
        "id", "url", "format", "secrets", "kpis", "levels", "source_apps", "watchdog",
    ]

    /// Its id is empty where none was given.
    let draft: WebhookDraft

    /// - Throws: the first thing that is wrong with it.
    static func draft(_ body: [UInt8]) throws(APIError) -> WebhookDraft {
        do {
            return try JSONDecoder().decode(Self.self, from: Data(body)).draft
        } catch let error as APIError {
            throw error
        } catch let error as DecodingError {
            throw .body(error)
        } catch {
            throw APIError(.invalidBody, "the body must be a JSON object")
        }
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Key.self)
        guard members.allKeys.allSatisfy({ Self.keys.contains($0.stringValue) }) else {
            throw APIError(
                .invalidBody, "known keys are " + Self.keys.joined(separator: ", "))
        }
        func value<Value: Decodable>(_ key: String, else preset: Value) throws -> Value {
            try members.decodeIfPresent(Value.self, forKey: Key(stringValue: key)) ?? preset
        }
        var draft = WebhookDraft()
        draft.id = try value("id", else: "")
        draft.url = try value("url", else: "")
        draft.format = try value("format", else: draft.format)
        draft.secrets = try value("secrets", else: [])
        draft.kpis = try value("kpis", else: [])
        draft.levels = try value("levels", else: [])
        draft.sourceApps = try value("source_apps", else: [])
        draft.isWatchdog = try value("watchdog", else: false)
        self.draft = draft
    }
}

extension APIError {
    /// A key of a body with an impossible value.
    static func body(field: String, _ reason: String) -> APIError {
        var error = APIError(.invalidBody, "\(field): \(reason)")
        error.details = Array("{\"field\":\"\(field)\"}".utf8)
        return error
    }

    fileprivate static func body(_ error: DecodingError) -> APIError {
        let path =
            switch error {
            case .typeMismatch(_, let context), .valueNotFound(_, let context): context.codingPath
            default: [any CodingKey]()
            }
        guard let field = path.first?.stringValue else {
            return APIError(.invalidBody, "the body must be a JSON object")
        }
        return .body(field: field, "is of another type")
    }
}

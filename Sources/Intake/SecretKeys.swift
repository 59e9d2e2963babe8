/// The names of JSON keys whose whole values are secret.
struct SecretKeys: Sendable {
    private struct Name: Sendable {
        let rule: Int
        /// In small letters.
        let text: [UInt8]
        /// `Proxy-Authorization` is as secret as `Authorization`.
        let mayBeEnd: Bool
    }

    private let names: [Name]

    init(_ rules: [SecretRule]) {
        names = rules.indices.compactMap { index in
            switch rules[index].shape {
            case .field: Name(rule: index, text: rules[index].literal.text, mayBeEnd: false)
            case .assignment: Name(rule: index, text: rules[index].literal.text, mayBeEnd: true)
            case .token, .privateKey: nil
            }
        }
    }

    func rule(for key: [UInt8]) -> Int? {
        let key = key.map { $0 &- UInt8(ascii: "A") < 26 ? $0 | 0x20 : $0 }
        return names.first { $0.mayBeEnd ? key.hasSuffix($0.text) : key == $0.text }?.rule
    }
}

extension [UInt8] {
    func hasSuffix(_ suffix: [UInt8]) -> Bool {
        count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
    }
}

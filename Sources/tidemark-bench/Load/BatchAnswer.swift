import NIOCore

/// The counts in the answer to a batch: a 200 alone does not say that the lines were good.
struct BatchAnswer {
    let accepted: Int
    let duplicates: Int
    let rejected: Int

    /// nil if the body has no such counts.
    init?(_ body: ByteBuffer) {
        let bytes = body.readableBytesView
        guard let accepted = bytes.number(after: "\"accepted\":") else { return nil }
        self.accepted = accepted
        duplicates = bytes.number(after: "\"duplicates\":") ?? 0
        rejected = bytes.number(after: "\"rejected_count\":") ?? 0
    }
}

extension ByteBufferView {
    fileprivate func number(after key: String) -> Int? {
        let key = key.utf8
        guard let start = indices.first(where: { self[$0...].starts(with: key) }) else {
            return nil
        }
        let rest = self[(start + key.count)...].drop { $0 == 0x20 }
        return Int(String(decoding: rest.prefix { (48...57).contains($0) }, as: UTF8.self))
    }
}

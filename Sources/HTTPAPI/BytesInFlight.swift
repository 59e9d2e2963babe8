internal import Synchronization

/// How much of request bodies is in memory at once, over all requests.
final class BytesInFlight: Sendable {
    let bytesMax: Int
    private let held = Mutex(0)

    init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    func take(_ bytes: Int) throws(APIError) {
        let fits = held.withLock { held in
            guard held + bytes <= bytesMax else { return false }
            held += bytes
            return true
        }
        guard fits else {
            throw APIError(
                .tooManyBytesInFlight, "more request bytes in memory than may be at once")
        }
    }

    func release(_ bytes: Int) {
        held.withLock { $0 -= bytes }
    }
}

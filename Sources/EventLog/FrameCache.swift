internal import Sealing
internal import Synchronization

/// Told of each stretch of a sealed partition that turns out to be damaged, once.
public typealias DamageListener = @Sendable (DamagedSpan) -> Void

/// What sealed partitions hold, frame by frame; the frames that were used last are kept in memory.
///
/// A damaged frame reads as zeros and a line end: one line that is none, as power loss leaves it in a plain
/// partition. So its neighbours stay where they are, and every reader passes over it.
final class FrameCache: Sendable {
    private struct State {
        var recent: RecentFrames
        var framesRead = 0
        var damaged: Set<RecentFrames.Key> = []
    }

    /// Further ones are not told of.
    private static let damagedMax = 10_000

    private let listener: DamageListener
    private let state: Mutex<State>

    init(bytesMax: Int, _ listener: @escaping DamageListener) {
        self.listener = listener
        state = Mutex(State(recent: RecentFrames(bytesMax: bytesMax)))
    }

    /// Frames that were decompressed so far.
    var framesRead: Int { state.withLock { $0.framesRead } }

    func content(of number: Int, _ sealed: SealedFile, _ file: File) throws(LogError) -> [UInt8] {
        let key = RecentFrames.Key(fileName: sealed.fileName, frame: number)
        if let content = state.withLock({ $0.recent.content(of: key) }) { return content }
        let frame = sealed.table.frames[number]
        let sound = try sealed.content(of: frame, file)
        let content = sound ?? Self.damaged(frame.content.count)
        let isNews = state.withLock { state in
            state.framesRead += 1
            state.recent.insert(content, as: key)
            guard sound == nil, state.damaged.count < Self.damagedMax else { return false }
            return state.damaged.insert(key).inserted
        }
        if isNews { tell(DamagedSpan(fileName: sealed.fileName, range: frame.place)) }
        return content
    }

    func tell(_ damage: DamagedSpan) {
        listener(damage)
    }

    private static func damaged(_ count: Int) -> [UInt8] {
        var content = [UInt8](repeating: 0, count: count)
        content[count - 1] = UInt8(ascii: "\n")
        return content
    }
}

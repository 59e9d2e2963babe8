internal import Synchronization

/// Lets one task wait until there is something for it. A signal that comes before it waits is not lost.
final class FrameMailbox: Sendable {
    private enum State {
        case idle, signalled
        case waiting(CheckedContinuation<Void, Never>)
    }

    private let state = Mutex(State.idle)

    func signal() {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard case .waiting(let continuation) = state else {
                state = .signalled
                return nil
            }
            state = .idle
            return continuation
        }
        waiter?.resume()
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isSignalled = state.withLock { state in
                guard case .signalled = state else {
                    state = .waiting(continuation)
                    return false
                }
                state = .idle
                return true
            }
            if isSignalled { continuation.resume() }
        }
    }
}

internal import Foundation
internal import Synchronization

/// Waits for a condition, asking again and again, up to a deadline.
/// - Returns: whether it came true.
public func eventually(
    withinSeconds seconds: Double = 20, _ condition: () throws -> Bool
) rethrows -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
        if try condition() { return true }
        if ContinuousClock.now > deadline { return false }
        usleep(5_000)
    }
}

/// Calls `body` on this many threads at once, with their numbers, and waits for all of them.
public func onThreads<Value: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
    let answers = Answers<Value>(count)
    let group = DispatchGroup()
    for number in 0..<count {
        let thread = Thread {
            let answer = Result { try body(number) }
            answers.put(answer, at: number)
            group.leave()
        }
        group.enter()
        thread.start()
    }
    group.wait()
    return try answers.values()
}

private final class Answers<Value: Sendable>: Sendable {
    private let answers: Mutex<[Result<Value, any Error>?]>

    init(_ count: Int) {
        answers = Mutex(Array(repeating: nil, count: count))
    }

    func put(_ answer: Result<Value, any Error>, at number: Int) {
        answers.withLock { $0[number] = answer }
    }

    func values() throws -> [Value] {
        try answers.withLock { try $0.compactMap { try $0?.get() } }
    }
}

/// Lets time pass where time itself is what a test is about: a limit of the server's. To wait for
/// something to happen, use `eventually`.
public func letPass(milliseconds: UInt32) {
    usleep(milliseconds * 1_000)
}

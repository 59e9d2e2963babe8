internal import ArgumentParser
internal import Foundation
internal import NIOPosix
internal import Synchronization

/// `tidemark top`
struct Top: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows live what the agents do: rates, apps, slow tools, KPIs.",
        discussion: "q ends it. Where standard output is no terminal, one picture is printed.")

    @OptionGroup var server: ServerOptions

    @Option(help: "How many seconds it looks before it prints one picture.")
    var seconds = 3

    func run() async throws {
        let picture = SharedPicture()
        let start = ContinuousClock.now
        // Any origin does, but seconds must not be negative.
        let second: @Sendable () -> Int64 = { Int64((.now - start) / .seconds(1)) + 1_000 }
        let feed = TopFeed(server, second: second) { change in picture.update(change) }
        await withTaskGroup { group in
            group.addTask { await feed.run() }
            if let screen = TopScreen() {
                group.addTask {
                    while !Task.isCancelled {
                        screen.draw(picture.value, at: second())
                        try? await Task.sleep(for: .milliseconds(500))
                    }
                }
                await TopScreen.waitForQuit()
                group.cancelAll()
                await group.waitForAll()
                screen.close()
            } else {
                try? await Task.sleep(for: .seconds(seconds))
                group.cancelAll()
            }
        }
        guard isatty(STDOUT_FILENO) != 1 else { return }
        if let trouble = picture.value.trouble {
            throw CommandFailure(
                message: trouble,
                hints: ["start a server with tidemark serve, or name one with --url"])
        }
        let lines = picture.value.lines(width: 200, height: 60, at: second())
        try Console.write(Array((lines.map(\.text).joined(separator: "\n") + "\n").utf8))
    }
}

private final class SharedPicture: Sendable {
    private let state = Mutex(TopPicture())

    var value: TopPicture { state.withLock { $0 } }

    func update(_ change: @Sendable (inout TopPicture) -> Void) { state.withLock { change(&$0) } }
}

/// The terminal while it is drawn on: its second screen, keys without echo.
private struct TopScreen: Sendable {
    private let old: termios

    /// - Returns: nil where standard output or input is no terminal.
    init?() {
        guard isatty(STDOUT_FILENO) == 1, isatty(STDIN_FILENO) == 1 else { return nil }
        var settings = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
        old = settings
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        Self.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    func close() {
        Self.write("\u{1B}[?25h\u{1B}[?1049l")
        var settings = old
        _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings)
    }

    /// The size is asked each time, so that it follows the window.
    func draw(_ picture: TopPicture, at second: Int64) {
        var size = winsize()
        let result = unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size)
        let (width, height) =
            result == 0 && size.ws_col > 0 ? (Int(size.ws_col), Int(size.ws_row)) : (80, 24)
        var text = "\u{1B}[H"
        for line in picture.lines(width: width, height: height - 1, at: second) {
            text += line.mood.sequence + line.text + "\u{1B}[0m\u{1B}[K\r\n"
        }
        Self.write(text + "\u{1B}[J")
    }

    /// Keys are waited for on a thread that may block.
    static func waitForQuit() async {
        let wait: @Sendable () -> Bool = {
            var poll = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            guard unsafe Glibc.poll(&poll, 1, 200) > 0 else { return false }
            var key: UInt8 = 0
            let count = unsafe read(STDIN_FILENO, &key, 1)
            let isControlC = key == 3
            return count <= 0 || key == UInt8(ascii: "q") || isControlC
        }
        while !Task.isCancelled {
            let isOver = (try? await NIOThreadPool.singleton.runIfActive(wait)) ?? true
            if isOver { return }
        }
    }

    private static func write(_ text: String) { try? Console.write(Array(text.utf8)) }
}

extension TopPicture.Line.Mood {
    fileprivate var sequence: String {
        switch self {
        case .plain: ""
        case .title: "\u{1B}[1m"
        case .good: "\u{1B}[32m"
        case .off: "\u{1B}[33m"
        case .alert: "\u{1B}[35m"
        case .critical: "\u{1B}[31m"
        }
    }
}

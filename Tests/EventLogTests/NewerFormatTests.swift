import EventLog
import Testing
import TestSupport

@Suite struct `A newer format` {
    private let folder: ScratchFolder

    init() throws {
        folder = try ScratchFolder()
    }

    @Test func `is refused by who writes and by who reads`() throws {
        let bytes = header(format: 2) + lines(1...3)
        try folder.write(bytes, to: fileName(firstID: 1))
        try folder.write(header(afterID: 3) + lines(4...6), to: fileName(firstID: 4))
        let write = #expect(throws: LogError.self) { try EventLog.open(folder) }
        let read = #expect(throws: LogError.self) {
            try EventLog.readOnlySnapshot(folder: folder.path)
        }
        for error in [write, read] {
            #expect(error?.code == .formatTooNew)
            #expect(error?.description.contains(fileName(firstID: 1)) == true)
        }
        #expect(try folder.bytes(of: fileName(firstID: 1)) == bytes)
    }

    @Test func `is refused wherever its partition stands`() throws {
        try folder.write(header() + lines(1...3), to: fileName(firstID: 1))
        try folder.write(header(afterID: 3, format: 7), to: fileName(firstID: 4))
        let error = #expect(throws: LogError.self) { try EventLog.open(folder) }
        #expect(error?.code == .formatTooNew)
    }
}

import EventLog
import Testing
import TimeSeries

@Suite struct `A partition's name` {
    private static let samples: [(text: String, milliseconds: Int64, firstID: UInt64)] = [
        ("20261122T140000Z-00000000000000104201.ndjson", 1_795_356_000_000, 104_201),
        ("19700101T000000Z-00000000000000000001.ndjson", 0, 1),
        ("20240229T235959Z-18446744073709551615.ndjson", 1_709_251_199_000, .max),
    ]

    @Test(arguments: samples)
    func `says when the partition was begun and its first id`(
        text: String, milliseconds: Int64, firstID: UInt64
    ) throws {
        let start = Timestamp(milliseconds: milliseconds)
        let name = PartitionName(start: start, firstID: EventID(firstID))
        #expect(name.fileName == text)
        let read = try #require(PartitionName(fileName: text))
        #expect(read.start == start)
        #expect(read.firstID == EventID(firstID))
        #expect(read == name)
    }

    @Test func `has whole seconds, so that it reads back as it was written`() {
        let name = PartitionName(start: start.advanced(byMilliseconds: 999), firstID: .first)
        #expect(name.start == start)
        #expect(PartitionName(fileName: name.fileName) == name)
    }

    @Test(arguments: [
        "", "LOCK", ".ndjson", "20261122T140000Z-00000000000000104201.ndjson.zst",
        "20261122T140000Z-00000000000000104201.ndjsom",
        "20261122T140000Z-0000000000000104201.ndjson",
        "20261122T140000Z_00000000000000104201.ndjson",
        "20261122 140000Z-00000000000000104201.ndjson",
        "20261122T140000z-00000000000000104201.ndjson",
        "20261322T140000Z-00000000000000104201.ndjson",
        "20261122T140000Z-99999999999999999999.ndjson",
        "20261122T140000Z-0000000000000010420x.ndjson",
        "2026é122T14000Z-00000000000000104201.ndjson",
    ])
    func `is none where the file is another's`(text: String) {
        #expect(PartitionName(fileName: text) == nil)
    }

    @Test(arguments: [
        "20261122T140000Z-+0000000000000104201.ndjson",
        "20261122T235960Z-00000000000000104201.ndjson",
    ])
    func `is none where it would be written in another way`(text: String) {
        #expect(PartitionName(fileName: text) == nil)
    }

    @Test func `sorts by id, since a clock can go back and ids can not`() {
        let early = PartitionName(start: start, firstID: EventID(9))
        let late = PartitionName(
            start: start.advanced(byMilliseconds: -5_000), firstID: EventID(10))
        #expect(early < late)
        #expect([late, early].sorted() == [early, late])
    }
}

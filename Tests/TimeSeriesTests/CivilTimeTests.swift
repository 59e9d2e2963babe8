import Foundation
import TestSupport
import TimeSeries
import Testing

@Suite struct `The calendar` {
    /// Foundation's calendar of ISO 8601, which shares no code with ours.
    private static let twin: Calendar = {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .gmt
        return calendar
    }()

    /// From 1583 on: before, Foundation's calendar is the Julian one.
    private static let firstSecond: Int64 = -12_212_553_600
    private static let lastSecond: Int64 = 253_402_300_799

    @Test(arguments: seeds(4, long: 1_000))
    func `is that of Foundation at random moments`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let second = Int64.random(in: Self.firstSecond...Self.lastSecond, using: &random)
            let millisecond = Int64.random(in: 0..<1_000, using: &random)
            let time = Timestamp(milliseconds: second * 1_000 + millisecond)
            let date = Date(timeIntervalSince1970: Double(second))
            let parts = Self.twin.dateComponents(
                [.year, .month, .day, .hour, .minute, .second], from: date)
            let expected = try [
                #require(parts.year), #require(parts.month), #require(parts.day),
                #require(parts.hour), #require(parts.minute), #require(parts.second),
                Int(millisecond),
            ]
            let civil = CivilTime(milliseconds: time.milliseconds)
            let found = [
                civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second,
                civil.millisecond,
            ]
            #expect(found == expected)
            #expect(Timestamp(rfc3339: time.description) == time)
        }
    }

    @Test(
        arguments: isLongRun
            ? [0..<10_000] : [0..<5, 1580..<1584, 1898..<1906, 1966..<2030, 9997..<10_000])
    func `has every day of the year once`(years: Range<Int>) throws {
        var day = try #require(Timestamp(rfc3339: Self.text(years.lowerBound, 1, 1)))
        for year in years {
            for (month, length) in Self.lengths(of: year).enumerated() {
                for number in 1...length {
                    let text = Self.text(year, month + 1, number)
                    if day.description != text || Timestamp(rfc3339: text) != day {
                        Issue.record("\(text) is \(day)")
                    }
                    day = day.advanced(byMilliseconds: 86_400_000)
                }
            }
        }
    }

    private static func text(_ year: Int, _ month: Int, _ day: Int) -> String {
        func padded(_ value: Int, _ digits: Int) -> String {
            String(String(value + 100_000).suffix(digits))
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T00:00:00.000Z"
    }

    private static func lengths(of year: Int) -> [Int] {
        let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    }

    @Test func `has every year once`() {
        var start = Timestamp.representable.lowerBound
        for year in 0..<10_000 {
            let isLeap = Self.lengths(of: year)[1] == 29
            let march = start.advanced(byMilliseconds: (isLeap ? 60 : 59) * 86_400_000)
            if start.description != Self.text(year, 1, 1) { Issue.record("\(start)") }
            if march.description != Self.text(year, 3, 1) { Issue.record("\(march)") }
            if Timestamp(rfc3339: Self.text(year, 3, 1)) != march { Issue.record("\(year)") }
            start = start.advanced(byMilliseconds: (isLeap ? 366 : 365) * 86_400_000)
        }
        #expect(start.milliseconds == Timestamp.representable.upperBound.milliseconds + 1)
    }

    @Test func `has every millisecond of a day once, before 1970 as after it`() {
        for base in [-86_400_000, 0] as [Int64] {
            for step in stride(from: Int64(0), to: 86_400_000, by: 86_399) {
                let civil = CivilTime(milliseconds: base + step)
                let sum =
                    ((civil.hour * 60 + civil.minute) * 60 + civil.second) * 1_000
                    + civil.millisecond
                #expect(Int64(sum) == step)
                #expect(civil.day == (base < 0 ? 31 : 1))
            }
        }
    }

    @Test func `is in order`() {
        let early = Timestamp(milliseconds: -1)
        #expect(early < Timestamp(milliseconds: 0))
        #expect(early.advanced(byMilliseconds: 3) == Timestamp(milliseconds: 2))
        #expect(Timestamp.representable.contains(early))
        #expect(Timestamp.representable.lowerBound.description == "0000-01-01T00:00:00.000Z")
        #expect(Timestamp.representable.upperBound.description == "9999-12-31T23:59:59.999Z")
        #expect(early.description.utf8.count == Timestamp.rfc3339Length)
    }
}

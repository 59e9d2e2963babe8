internal import NIOCore
internal import Pipeline
internal import Queries

/// A JSON answer; a large one is made by two threads, so that a single question has two processors.
///
/// Each makes about half of the groups. Like the lines of a stream, the halves may be of different
/// moments, neither of which is before the question.
struct JSONAnswer {
    /// So many buckets are worth a second thread.
    private static let bucketsAloneMax = 4_096

    private struct Part: Sendable {
        let text: [UInt8]
        let bucketsRead: Int
    }

    let engine: Engine
    let inquiry: Inquiry
    let query: MetricQuery
    let writer: AnswerWriter
    let bucketsMax: Int

    func body() async throws -> ByteBuffer {
        let middle = middle
        async let first = part(of: inquiry.groups[..<middle])
        async let second = part(of: inquiry.groups[middle...])
        let parts = [try await first, try await second]
        guard parts.reduce(0, { $0 + $1.bucketsRead }) <= bucketsMax else {
            throw APIError.tooManyBuckets(bucketsMax)
        }
        var head: [UInt8] = []
        AnswerWriter.appendJSONHead(query, to: &head)
        var body = ByteBuffer()
        body.reserveCapacity(parts.reduce(head.count + 3) { $0 + $1.text.count })
        body.writeBytes(head)
        body.writeBytes(parts[0].text)
        if parts.allSatisfy({ !$0.text.isEmpty }) { body.writeInteger(UInt8(ascii: ",")) }
        body.writeBytes(parts[1].text)
        body.writeStaticString("]}")
        return body
    }

    /// The first half has the groups before this one.
    private var middle: Int {
        let groups = inquiry.groups
        let series = groups.reduce(0) { $0 + $1.series.count }
        let buckets = series.multipliedReportingOverflow(by: query.bucketsPerSeries)
        guard buckets.overflow || buckets.partialValue > Self.bucketsAloneMax else {
            return groups.count
        }
        var before = 0
        return groups.firstIndex { group in
            defer { before += group.series.count }
            return before >= (series + 1) / 2
        } ?? groups.count
    }

    private func part(of groups: ArraySlice<SeriesGroup>) async throws -> Part {
        guard !groups.isEmpty else { return Part(text: [], bucketsRead: 0) }
        do throws(EngineRefusal) {
            return try await engine.answer(Array(groups), of: inquiry, bucketsMax: bucketsMax) {
                [writer] in Self.part($0, writer)
            }
        } catch {
            throw APIError(error)
        }
    }

    private static func part(_ answer: [AnsweredSeries], _ writer: AnswerWriter) -> Part {
        var text: [UInt8] = []
        text.reserveCapacity(answer.reduce(0) { $0 + writer.lengthExpected(of: $1) })
        for (place, series) in answer.enumerated() {
            if place > 0 { text.append(UInt8(ascii: ",")) }
            writer.appendJSON(series, to: &text)
        }
        return Part(text: text, bucketsRead: answer.reduce(0) { $0 + $1.bucketsRead })
    }
}

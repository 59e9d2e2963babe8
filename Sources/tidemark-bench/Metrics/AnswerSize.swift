import NIOCore

/// What an answer of `GET /metrics` holds.
struct AnswerSize {
    let series: Int
    let buckets: Int
    let bytes: Int

    init(_ body: ByteBuffer) {
        let text = String(buffer: body).utf8
        series = text.occurrences(of: "\"buckets\":[")
        buckets = text.occurrences(of: "\"start\":")
        bytes = text.count
    }

    func rows(_ answers: Measurement) -> [Report.Row] {
        let count = Double(answers.tally.latencies.total)
        return [
            Report.Row(key: "requests", name: "requests", value: Double(answers.tally.requests)),
            Report.Row(key: "seconds", name: "seconds", value: answers.seconds, digits: 3),
            Report.Row(key: "series", name: "series an answer", value: Double(series)),
            Report.Row(key: "buckets", name: "buckets an answer", value: Double(buckets)),
            Report.Row(key: "answer_bytes", name: "bytes an answer", value: Double(bytes)),
            Report.Row(
                key: "answers_per_second", name: "answers/s", value: answers.perSecond(count),
                digits: 1),
            Report.Row(
                key: "buckets_per_second", name: "buckets/s",
                value: answers.perSecond(count * Double(buckets))),
            Report.Row(
                key: "megabytes_per_second", name: "MB/s",
                value: answers.perSecond(Double(answers.tally.answerBytes)) / 1e6, digits: 1),
        ]
    }
}

extension String.UTF8View {
    fileprivate func occurrences(of text: String) -> Int {
        ranges(of: text.utf8).count
    }
}

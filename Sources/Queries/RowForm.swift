internal import Rollup

/// What stands before, between and behind the fields of a row. JSON and CSV differ in nothing else.
struct RowForm {
    /// Before the start, and behind it.
    var head: [UInt8]
    var startEnd: [UInt8] = []
    /// Before each field.
    var fields: [Phrase]
    /// For what is not known.
    var null: Phrase
    /// Behind the fields of a bucket whose time is not over.
    var open: Phrase
    var end: Phrase

    static func json(_ fields: [BucketField]) -> RowForm {
        RowForm(
            head: Array("{\"start\":\"".utf8), startEnd: [UInt8(ascii: "\"")],
            fields: fields.map { Phrase(",\"\($0.name)\":") }, null: Phrase("null"),
            open: Phrase(",\"open\":true"), end: Phrase("},"))
    }

    /// - Parameter head: what stands before the start.
    static func csv(_ fields: [BucketField], head: [UInt8]) -> RowForm {
        RowForm(
            head: head, fields: fields.map { _ in Phrase(",") }, null: Phrase(""),
            open: Phrase(""), end: Phrase("\r\n"))
    }
}

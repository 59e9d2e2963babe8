internal import StrictJSON
internal import TimeSeries

/// Alerts as Alertmanager writes and reads them.
struct AlertmanagerBody {
    let receiver: String
    let alerts: [AlertmanagerAlert]

    /// What stands for "not ended".
    private static let noTime = "0001-01-01T00:00:00Z"

    /// Version 4 of what Alertmanager sends to a webhook; of its optional keys none.
    var webhookBytes: [UInt8] {
        let name = alerts.first?.labels.first { $0.key == "alertname" }?.value ?? ""
        let isFiring = alerts.contains { $0.endsAt == nil }
        var out = JSONObjectWriter()
        out.text("receiver", receiver)
        out.text("status", isFiring ? "firing" : "resolved")
        out.list("alerts", alerts) { alert, out in
            out.text("status", alert.endsAt == nil ? "firing" : "resolved")
            out.texts("labels", alert.labels)
            out.texts("annotations", alert.annotations)
            out.text("startsAt", Self.goTime(alert.startsAt))
            out.text("endsAt", alert.endsAt.map(Self.goTime) ?? Self.noTime)
            out.text("generatorURL", alert.generatorURL)
            out.text("fingerprint", alert.fingerprint)
        }
        out.texts("groupLabels", [SeriesKey.Tag("alertname", name)])
        out.texts("commonLabels", common(\.labels))
        out.texts("commonAnnotations", common(\.annotations))
        out.text("externalURL", "")
        out.text("version", "4")
        out.text("groupKey", "{}:{alertname=\(Self.goQuoted(name))}")
        out.raw("truncatedAlerts", "0")
        return out.finish()
    }

    /// What `POST /api/v2/alerts` takes.
    func apiBytes(firingUntil: Timestamp) -> [UInt8] {
        JSONObjectWriter.array(alerts) { alert, out in
            out.texts("labels", alert.labels)
            out.texts("annotations", alert.annotations)
            out.text("startsAt", Self.goTime(alert.startsAt))
            out.text("endsAt", Self.goTime(alert.endsAt ?? firingUntil))
            if !alert.generatorURL.isEmpty { out.text("generatorURL", alert.generatorURL) }
        }
    }

    private func common(
        _ path: KeyPath<AlertmanagerAlert, [SeriesKey.Tag]>
    ) -> [SeriesKey.Tag] {
        guard let first = alerts.first else { return [] }
        return first[keyPath: path].filter { tag in
            alerts.allSatisfy { $0[keyPath: path].contains(tag) }
        }
    }

    /// RFC 3339 without the zeros at the end of the fraction.
    private static func goTime(_ time: Timestamp) -> String {
        var text = Substring(time.description.dropLast())
        while text.hasSuffix("0") { text = text.dropLast() }
        if text.hasSuffix(".") { text = text.dropLast() }
        return text + "Z"
    }

    private static func goQuoted(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSONString.encode(text, appendingTo: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Writes an object member by member.
struct JSONObjectWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    private mutating func name(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        JSONString.encode(name, appendingTo: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    mutating func text(_ key: String, _ value: String) {
        name(key)
        JSONString.encode(value, appendingTo: &bytes)
    }

    mutating func raw(_ key: String, _ json: String) {
        name(key)
        bytes += Array(json.utf8)
    }

    mutating func texts(_ key: String, _ members: [SeriesKey.Tag]) {
        var object = JSONObjectWriter()
        for member in members { object.text(member.key, member.value) }
        name(key)
        bytes += object.finish()
    }

    mutating func list<Element>(
        _ key: String, _ elements: [Element],
        _ write: (Element, inout JSONObjectWriter) -> Void
    ) {
        name(key)
        bytes += Self.array(elements, write)
    }

    static func array<Element>(
        _ elements: [Element], _ write: (Element, inout JSONObjectWriter) -> Void
    ) -> [UInt8] {
        let objects = elements.map { element in
            var object = JSONObjectWriter()
            write(element, &object)
            return object.finish()
        }
        return [UInt8(ascii: "[")] + objects.joined(separator: [UInt8(ascii: ",")])
            + [UInt8(ascii: "]")]
    }

    consuming func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }
}

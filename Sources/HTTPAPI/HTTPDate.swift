internal import TimeSeries

/// The Date header (RFC 9110 section 5.6.7), spelled anew once a second.
struct HTTPDate {
    private var second = Int64.min
    private var spelled = ""

    mutating func text(at time: Timestamp) -> String {
        let now = time.milliseconds / 1_000
        if now != second {
            second = now
            spelled = Self.spell(time)
        }
        return spelled
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// 1970-01-01 was a Thursday.
    private static func spell(_ time: Timestamp) -> String {
        let date = CivilTime(milliseconds: time.milliseconds)
        let day = days[Int(time.milliseconds / 86_400_000 % 7)]
        return "\(day), \(two(date.day)) \(months[date.month - 1]) \(date.year) "
            + "\(two(date.hour)):\(two(date.minute)):\(two(date.second)) GMT"
    }

    private static func two(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}

internal import EventLine
internal import TimeSeries

/// All distinct filters of live subscriptions: each is asked once about an event, however many clients
/// have it.
struct EventSelections {
    struct Place: Hashable {
        let index: Int
    }

    private struct Slot {
        let filter: EventFilter
        let matcher: EventMatcher
        var users: Int
        /// Of the event that was looked at last.
        var matches = false
    }

    private var slots: [Slot?] = []
    private var places: [EventFilter: Place] = [:]

    var isEmpty: Bool { places.isEmpty }
    var count: Int { places.count }

    /// - Returns: the place of the filter, now with one user more.
    mutating func add(_ filter: EventFilter) -> Place {
        if let place = places[filter] {
            slots[place.index]?.users += 1
            return place
        }
        let slot = Slot(filter: filter, matcher: EventMatcher(filter), users: 1)
        let place = Place(index: slots.firstIndex { $0 == nil } ?? slots.count)
        if place.index == slots.count { slots.append(slot) } else { slots[place.index] = slot }
        places[filter] = place
        return place
    }

    mutating func remove(_ place: Place) {
        guard var slot = slots[place.index] else { return }
        slot.users -= 1
        slots[place.index] = slot.users > 0 ? slot : nil
        if slot.users == 0 { places[slot.filter] = nil }
    }

    /// Asks all filters about an event.
    mutating func look(at line: Span<UInt8>, _ envelope: EventEnvelope) {
        for index in slots.indices {
            guard let slot = slots[index] else { continue }
            slots[index]?.matches = slot.matcher.matches(line, envelope)
        }
    }

    /// Whether the event that was looked at last is wanted.
    func matches(_ place: Place) -> Bool { slots[place.index]?.matches ?? false }
}

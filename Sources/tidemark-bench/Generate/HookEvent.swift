/// The kinds of events that agents' hooks send.
enum HookEvent {
    case sessionStart, sessionEnd
    case userPromptSubmit, stop
    case preToolUse, postToolUse, postToolUseFailure
    case permissionRequest, notification
    case subagentStart, subagentStop

    var name: StaticString {
        switch self {
        case .sessionStart: "SessionStart"
        case .sessionEnd: "SessionEnd"
        case .userPromptSubmit: "UserPromptSubmit"
        case .stop: "Stop"
        case .preToolUse: "PreToolUse"
        case .postToolUse: "PostToolUse"
        case .postToolUseFailure: "PostToolUseFailure"
        case .permissionRequest: "PermissionRequest"
        case .notification: "Notification"
        case .subagentStart: "SubagentStart"
        case .subagentStop: "SubagentStop"
        }
    }
}

public import HummingbirdCore
internal import NIOCore

extension HTTPServerBuilder {
    /// HTTP/1.1 with Tidemark's limits on what a client may take.
    public static func tidemark(_ api: API, doors: DoorRules) -> HTTPServerBuilder {
        let limits = api.limits
        return .http1(
            configuration: HTTP1Channel.Configuration(
                additionalChannelHandlers: [
                    RequestDeadlines(limits), EventPostHandler(api, doors: doors),
                ],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytesMax,
                    maxHeaderListSize: limits.headerBytesMax,
                    maxHeaderFieldCount: limits.headerFieldsMax)))
    }
}

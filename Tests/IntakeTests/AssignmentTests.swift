import Intake
import Testing

@Suite struct `A secret under its name` {
    /// A value that no rule knows by its looks.
    private static let value = "Zm9v" + "OmJhcg" + "=="

    private static func said(_ text: String) throws -> String? {
        try take(native(data: token(text))).data
    }

    @Test(arguments: [
        "Authorization: #", "authorization: #", "AUTHORIZATION:#", "Authorization : #",
        "Authorization=#", "authorization = \"#\"", "Authorization: Basic #",
        "Authorization: bearer #",
        "Authorization: token #", "Authorization:   Bearer\t#", "Authorization: ApiKey #; x",
        "GET / HTTP/1.1\r\nAuthorization: Basic #\r\nHost: x", "Proxy-Authorization: Basic #",
        "curl -H 'Authorization: Bearer #' https://example.com/a",
        "curl -H \"Authorization: Basic #\" -d '{\"a\":1}' https://example.com",
        "curl -HAuthorization:#", "{\"Authorization\":\"Bearer #\",\"a\":1}",
        "{\"Authorization\": \"#\"}", "{'authorization': '#', 'b': 2}",
        "{\\\"Authorization\\\":\\\"Bearer #\\\"}",
        "{\\\\\\\"authorization\\\\\\\":\\\\\\\"#\\\\\\\"}",
        "{Authorization:#}", "Authorization: #,Authorization: #",
    ])
    func `is taken out of any text`(text: String) throws {
        let clean = text.replacing("#", with: "[redacted:authorization]")
        let secret = text.replacing("#", with: Self.value)
        #expect(try Self.said(secret) == token(clean))
        let taken = try take(native(data: escapedToken(secret)))
        #expect(taken.data == token(clean))
        #expect(!taken.text.contains(Self.value))
    }

    @Test(arguments: [
        ("X-API-Key: #", "api_key"), ("x-api-key=#", "api_key"),
        ("curl -H 'x-api-key: #' https://a.example", "api_key"),
        ("aws_secret_access_key = #", "aws_secret"),
        ("export AWS_SECRET_ACCESS_KEY=#", "aws_secret"),
        ("AWS_SESSION_TOKEN=\"#\" aws s3 ls", "aws_secret"),
        ("AccountName=a;AccountKey=#;EndpointSuffix=b", "azure_account_key"),
    ])
    func `has a rule of its own`(text: String, rule: String) throws {
        #expect(
            try Self.said(text.replacing("#", with: Self.value))
                == token(text.replacing("#", with: "[redacted:\(rule)]")))
    }

    @Test(arguments: [
        "authorization", "Authorization:", "Authorization: ", "Authorization: none",
        "authorization code",
        "Authorization: Bearer", "Authorization: Bearer ", "Authorization: Basic abc",
        "The authorization of Zm9vOmJhcg==", "authorizations are Zm9vOmJhcg==",
        "authorization, x: Zm9vOmJhcg==", "x-api-key", "AccountKey", "accountkey is Zm9vOmJhcg==",
        "author: Zm9vOmJhcg==", "Authorization\n: Zm9vOmJhcg==",
    ])
    func `is none where the name assigns nothing`(text: String) throws {
        let taken = try take(native(data: token(text)))
        #expect(taken.data == token(text))
        #expect(taken.metadata == nil)
    }

    @Test(arguments: [
        (#"{"Authorization":"x"}"#, #"{"Authorization":"[redacted:authorization]"}"#),
        (#"{"authorization" : "a b, c"}"#, #"{"authorization":"[redacted:authorization]"}"#),
        (
            #"{"Proxy-Authorization":"x","b":"y"}"#,
            #"{"Proxy-Authorization":"[redacted:authorization]","b":"y"}"#
        ),
        (#"{"\u0041uthorization":"x"}"#, #"{"\u0041uthorization":"[redacted:authorization]"}"#),
        (
            #"{"headers":[{"X-Api-Key":"\u0031"}]}"#,
            #"{"headers":[{"X-Api-Key":"[redacted:api_key]"}]}"#
        ),
        (#"{"AWS_SECRET_ACCESS_KEY":"x"}"#, #"{"AWS_SECRET_ACCESS_KEY":"[redacted:aws_secret]"}"#),
        (
            #"{"authorization":"x","authorization":"y"}"#,
            #"{"authorization":"[redacted:authorization]","authorization":"[redacted:authorization]"}"#
        ),
    ])
    func `is all of a JSON value under that key`(data: String, stored: String) throws {
        #expect(try take(native(data: data)).data == stored)
    }

    @Test(arguments: [
        #"{"authorization":""}"#, #"{"authorization":null}"#, #"{"authorization":7}"#,
        #"{"authorization":{"kind":"none"}}"#, #"{"authorization":{},"b":"some text"}"#,
        #"{"authorization":[],"b":"some text"}"#, #"{"authorization":1,"b":"some text"}"#,
        #"{"authorizations":"some text"}"#, #"{"authorization_url":"https://a.example/b"}"#,
        #"["authorization","some text"]"#, #"{"a":"authorization","b":"some text"}"#,
        #"["x-api-key",":","some text"]"#,
    ])
    func `is none where no text is under that key`(data: String) throws {
        let taken = try take(native(data: data))
        #expect(taken.data == data)
        #expect(taken.metadata == nil)
    }

    /// As Go's `http.Header` and Node's `headersDistinct` are written.
    @Test(arguments: [
        #"{"Authorization":["x"]}"#, #"{"Authorization":[ "x" ]}"#, #"{"Authorization":["x","x"]}"#,
    ])
    func `is each of several values under that key`(data: String) throws {
        let taken = try take(native(data: data))
        #expect(taken.data?.contains("\"x\"") == false)
        #expect(taken.data?.contains(#""[redacted:authorization]""#) == true)
    }

    @Test(arguments: [
        #"{"Authorization":["","x"]}"#, #"{"Authorization":[null,"x"]}"#,
        #"{"Authorization":[1,"x"]}"#, #"{"Authorization":[["x"],"x"]}"#,
        #"{"Authorization":[{},"x",[],"x"]}"#, #"{"Authorization":[{"k":["y",{}]},"x"]}"#,
        #"{"Authorization":[[[1],"x"],[],["x"]],"b":"y"}"#,
    ])
    func `is each of several values beside others that are none`(data: String) throws {
        let taken = try take(native(data: data))
        #expect(taken.data == data.replacing("\"x\"", with: #""[redacted:authorization]""#))
    }

    @Test(arguments: [
        #"{"Authorization":["x"],"b":"y","c":["z"]}"#, #"{"a":{"Authorization":["x"]},"b":["y"]}"#,
        #"{"Authorization":"x","b":["y"]}"#, #"[{"Authorization":["x"]},"y",["z"]]"#,
        #"{"Authorization":["x",{"k":"y"}],"c":"z"}"#, #"{"Authorization":[["x"]],"c":"z"}"#,
        #"[[{"Authorization":[["x"],"x"]}],["y"],{"c":["z"]}]"#,
    ])
    func `ends with its array`(data: String) throws {
        let taken = try take(native(data: data))
        #expect(taken.data == data.replacing("\"x\"", with: #""[redacted:authorization]""#))
    }

    @Test(arguments: [
        #"{"Authorization":[{"x-api-key":["k"],"b":"y"},"x"],"c":"z"}"#,
        #"{"x-api-key":[{"Authorization":"x"},["k"]],"c":"z"}"#,
        #"{"Authorization":{"a":[{"x-api-key":"k"}],"b":["y"]},"c":"z"}"#,
    ])
    func `may stand within another`(data: String) throws {
        let taken = try take(native(data: data))
        #expect(
            taken.data
                == data.replacing("\"x\"", with: #""[redacted:authorization]""#)
                .replacing("\"k\"", with: #""[redacted:api_key]""#))
    }

    @Test func `is found in a hook's own keys too`() throws {
        let taken = try take(
            #"{"hook_event_name":"T","cwd":"/a","session_id":"s","authorization":"x"}"#)
        #expect(taken.data?.contains(#""authorization":"[redacted:authorization]""#) == true)
        let other = try take(native(#""authorization":"x","metadata":{"authorization":"y"},"#))
        #expect(
            other.text.hasSuffix(
                #"""
                "metadata":{"authorization":"[redacted:authorization]",\#
                "redacted":{"authorization":2}},"authorization":"[redacted:authorization]"}

                """#))
    }
}

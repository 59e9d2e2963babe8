import EventFormats
import EventLine
import Intake
import Testing

@Suite struct `The line of a native event` {
    @Test func `has the envelope first, then the data as it came`() throws {
        let taken = try take(
            #"""
            {"event_id":"0194bc3a-7c1a-7b4e-9d2f-0a1b2c3d4e5f","type":"PostToolUse",\#
            "timestamp":"2025-01-31T10:30:00.000Z","session_id":"5f3c1a90-77aa-4c1b-9e2d-1c2b3a4d5e6f",\#
            "source_app":"backend-api","agent_id":"a1f2e3d4","data":{"prompt_id":"prm_0123",\#
            "transcript_path":"/home/dev/.claude/projects/backend-api/5f3c.jsonl",\#
            "cwd":"/home/dev/src/backend-api","permission_mode":"default","agent_type":"Explore",\#
            "tool_name":"Bash","tool_input":{"command":"rg -n 'x' Sources","description":"run it"},\#
            "tool_use_id":"toolu_0a1b","duration_ms":912,\#
            "tool_response":{"stdout":"héllo\n\"ok\"","stderr":"","interrupted":false}}}
            """#)
        #expect(
            taken.text == #"""
                {"id":7,"event_id":"0194bc3a-7c1a-7b4e-9d2f-0a1b2c3d4e5f","type":"PostToolUse",\#
                "source_app":"backend-api","session_id":"5f3c1a90-77aa-4c1b-9e2d-1c2b3a4d5e6f",\#
                "agent_id":"a1f2e3d4","timestamp":"2025-01-31T10:30:00.000Z",\#
                "server_timestamp":"2025-01-31T10:30:00.003Z","processing_time_ms":3,\#
                "enrichment_version":"1.0.0","data":{"prompt_id":"prm_0123",\#
                "transcript_path":"/home/dev/.claude/projects/backend-api/5f3c.jsonl",\#
                "cwd":"/home/dev/src/backend-api","permission_mode":"default","agent_type":"Explore",\#
                "tool_name":"Bash","tool_input":{"command":"rg -n 'x' Sources",\#
                "description":"run it"},"tool_use_id":"toolu_0a1b","duration_ms":912,\#
                "tool_response":{"stdout":"héllo\n\"ok\"","stderr":"","interrupted":false}}}

                """#)
    }

    @Test func `has the sender's other keys behind, in their order, and no white space`() throws {
        let taken = try take(
            """

              { "zeta" : [ 1 , 2.50 ] , "event_id" : "e1", "type":"X", "metadata" : { "host" : "h" },
            "source_app":"a", "hook_event_name" : "kept", "data" : { "a b" : " c " , "n" : 1E+2 },
              "session_id":"s", "\\u0061lpha" : { } , "agent_id": null , "timestamp": 1738319400000 }

            """)
        #expect(
            taken.text == #"""
                {"id":7,"event_id":"e1","type":"X","source_app":"a","session_id":"s",\#
                "timestamp":"2025-01-31T10:30:00.000Z",\#
                "server_timestamp":"2025-01-31T10:30:00.003Z","processing_time_ms":3,\#
                "enrichment_version":"1.0.0","data":{"a b":" c ","n":1E+2},"metadata":{"host":"h"},\#
                "zeta":[1,2.50],"hook_event_name":"kept","\u0061lpha":{}}

                """#)
    }

    @Test(arguments: ["{}", "[]", "null", "false", "0", #""""#, #""text""#, "1e400", "[[1]]"])
    func `may have data of any kind`(data: String) throws {
        #expect(try take(native(data: data)).data == data)
    }

    @Test(arguments: [#""metadata":null,"#, ""])
    func `has no metadata where there is none`(members: String) throws {
        #expect(try take(native(members)).text.hasSuffix(#","data":{}}"# + "\n"))
        #expect(try take(native(#""metadata":{},"#)).metadata == "{}")
    }
}

@Suite struct `The line of a reference event` {
    @Test func `has the payload as its data, and copies of its keys behind`() throws {
        let taken = try take(
            #"""
            {"source_app":"web-client","session_id":"0a1b2c3d-0000-4111-9222-333344445555",\#
            "hook_event_type":"PreToolUse","payload":{"session_id":"0a1b2c3d-0000-4111-9222-333344445555",\#
            "cwd":"/home/dev/src/web-client","hook_event_name":"PreToolUse","agent_id":"ab12",\#
            "agent_type":"Explore","tool_name":"Read","tool_input":{"file_path":"/home/dev/a.swift"},\#
            "tool_use_id":"toolu_77"},"timestamp":1738319400000,"model_name":"claude-haiku-4-5",\#
            "tool_name":"Read","tool_use_id":"toolu_77","agent_type":"Explore","chat":[{"role":"user"}],\#
            "summary":"Reads a file"}
            """#)
        let id = try #require(taken.eventID)
        #expect(
            taken.text == #"""
                {"id":7,"event_id":\#(id),"type":"PreToolUse","source_app":"web-client",\#
                "session_id":"0a1b2c3d-0000-4111-9222-333344445555","agent_id":"ab12",\#
                "timestamp":"2025-01-31T10:30:00.000Z",\#
                "server_timestamp":"2025-01-31T10:30:00.003Z","processing_time_ms":3,\#
                "enrichment_version":"1.0.0",\#
                "data":{"session_id":"0a1b2c3d-0000-4111-9222-333344445555",\#
                "cwd":"/home/dev/src/web-client","hook_event_name":"PreToolUse","agent_id":"ab12",\#
                "agent_type":"Explore","tool_name":"Read","tool_input":{"file_path":"/home/dev/a.swift"},\#
                "tool_use_id":"toolu_77"},\#
                "metadata":{"chat":{"count":1,"sha256":"\#
                \#(sha256(#"[{"role":"user"}]"#))"}},\#
                "model_name":"claude-haiku-4-5","tool_name":"Read",\#
                "tool_use_id":"toolu_77","agent_type":"Explore","summary":"Reads a file"}

                """#)
    }

    @Test(
        arguments: [
            (#""agent_id":"top","#, #"{"agent_id":"inner"}"#, #""top""#),
            ("", #"{"agent_id":"inner"}"#, #""inner""#), ("", #"{"a":{"agent_id":"deep"}}"#, nil),
            ("", #"{"agent_id":null}"#, nil), ("", #"[{"agent_id":"listed"}]"#, nil),
            (#""agent_id":"top","#, "[1]", #""top""#),
        ] as [(String, String, String?)])
    func `has the agent of its own or of its payload`(top: String, payload: String, agent: String?)
        throws
    {
        let taken = try take(
            #"{"hook_event_type":"Stop","source_app":"a","session_id":"s",\#(top)"payload":\#(payload)}"#
        )
        #expect(taken.part { envelope, _ in envelope.agentID } == agent)
    }

    @Test func `takes ids from its payload, not from a member named data`() throws {
        func id(_ more: String) throws -> String? {
            try take(
                #"""
                {"hook_event_type":"PreToolUse","source_app":"a","session_id":"s",\#
                "payload":{"tool_use_id":"t","agent_id":"x"}\#(more)}
                """#
            ).eventID
        }
        let plain = try id("")
        #expect(try id(#","data":{}"#) == plain)
        let other = try id(#","data":{"tool_use_id":"u","agent_id":"y"}"#)
        #expect(other == plain)
    }
}

@Suite struct `The line of a raw hook input` {
    private static let input = #"""
        {"session_id":"77aa","prompt_id":"prm_01","transcript_path":"/home/dev/.claude/projects/infra/77aa.jsonl",\#
        "cwd":"/home/dev/src/infra","permission_mode":"default","hook_event_name":"PostToolUse",\#
        "agent_id":"ab12","tool_name":"Bash","tool_input":{"command":"ls -la"},\#
        "tool_response":{"stdout":"total 0"},"tool_use_id":"toolu_01"}
        """#

    @Test func `has the whole of it as data`() throws {
        let taken = try take(Self.input)
        let id = try #require(taken.eventID)
        #expect(
            taken.text == #"""
                {"id":7,"event_id":\#(id),"type":"PostToolUse","source_app":"infra",\#
                "session_id":"77aa","agent_id":"ab12","timestamp":"2025-01-31T10:30:00.003Z",\#
                "server_timestamp":"2025-01-31T10:30:00.003Z","processing_time_ms":0,\#
                "enrichment_version":"1.0.0","data":\#(Self.input)}

                """#)
    }

    @Test func `keeps even the keys of the line within data`() throws {
        let input = #"""
            {"hook_event_name":"Stop","session_id":"s","cwd":"/a/b","id":9,"server_timestamp":"x",\#
            "metadata":{"sender":{}},"data":{"tool_use_id":"t"},"event_id":"e","timestamp":1738319400000}
            """#
        let taken = try take(input)
        #expect(taken.data == input)
        #expect(taken.metadata == nil)
        #expect(taken.eventID == #""e""#)
        #expect(taken.timestamp == Taking.time)
    }

    @Test func `loses its white space`() throws {
        let taken = try take(
            "\n { \"hook_event_name\" : \"Stop\" ,\t\"session_id\":\"s\", \"cwd\":\"/a b\" }\r\n")
        #expect(taken.data == #"{"hook_event_name":"Stop","session_id":"s","cwd":"/a b"}"#)
        #expect(taken.sourceApp == #""a b""#)
    }
}

@Suite struct `The dialect of an event` {
    @Test(
        arguments: [
            (#"{"type":"t"}"#, .native), (#"{}"#, .native), (#"{"data":1}"#, .native),
            (#"{"hook_event_type":"t"}"#, .reference), (#"{"payload":{}}"#, .reference),
            (#"{"type":"t","payload":{}}"#, .reference), (#"{"hook_event_name":"t"}"#, .raw),
            (#"{"hook_event_name":"t","payload":1}"#, .reference),
            (#"{"hook_event_name":"t","hook_event_type":"t"}"#, .reference),
            (#"{"hook_event_name":"t","type":"t"}"#, .native),
            (#"{"hook_event_nam\u0065":"t"}"#, .raw), (#"{"pay\u006coad":"t"}"#, .reference),
            (#"{"Payload":"t"}"#, .native), (#"{"data":{"payload":1}}"#, .native),
            (#"{"hook_event_type":1,"hook_event_type":2}"#, .reference),
            ("[]", nil), ("1", nil), ("{", nil), ("", nil),
        ] as [(String, Dialect?)])
    func `is told by its keys, whether it is taken or not`(event: String, dialect: Dialect?) {
        let bytes = Array(event.utf8)
        var intake = EventIntake(redactor: Redactor(), keys: Taking.keys)
        var batch = EventBatch()
        let context = EventIntake.Context(now: take.now)
        // An event before it must not shine through.
        let other = Array(#"{"payload":1}"#.utf8)
        try? intake.take(0..<other.count, of: other.span, context, into: &batch)
        try? intake.take(0..<bytes.count, of: bytes.span, context, into: &batch)
        #expect(intake.dialect == dialect)
    }
}

import Definitions
import Intake
import Testing

@Suite struct `A redaction file` {
    private static func rules(_ text: String) throws -> [SecretRule] {
        try RedactionFile.rules(text, file: "rules.yaml")
    }

    /// All faults as they are printed.
    private static func faults(_ text: String) -> [String] {
        do throws(DefinitionFaults) {
            _ = try RedactionFile.rules(text, file: "rules.yaml")
            return []
        } catch {
            #expect(error.description == error.faults.map(\.description).joined(separator: "\n"))
            return error.faults.map(\.description)
        }
    }

    @Test func `puts its rules before the ones built in`() throws {
        let rules = try Self.rules(
            """
            rules:
              - name: acme_token
                prefix: "acme_"
                alphabet: alphanumeric
                length_min: 20
                length_max: 64
              - {name: acme_2, prefix: ac2, alphabet: token, length_min: 1}
              - name: acme_header
                assignment: X-Acme-Auth
              - name: acme_password
                field: password
            """)
        let own: [SecretRule] = [
            SecretRule(
                name: "acme_token",
                shape: .token(
                    prefix: "acme_", alphabet: .alphanumeric, lengthMin: 20, lengthMax: 64)),
            SecretRule(
                name: "acme_2", shape: .token(prefix: "ac2", alphabet: .token, lengthMin: 1)),
            SecretRule(name: "acme_header", shape: .assignment(name: "X-Acme-Auth")),
            SecretRule(name: "acme_password", shape: .field(name: "password")),
        ]
        #expect(rules == own + SecretRule.defaults)
    }

    @Test func `takes away built-in rules by name, wherever it does so`() throws {
        let names: Set = ["openai_key", "jwt"]
        let kept = SecretRule.defaults.filter { !names.contains($0.name) }
        #expect(kept.count < SecretRule.defaults.count - 2)
        #expect(try Self.rules("disable: [openai_key, jwt]") == kept)
        #expect(try Self.rules("disable:\n  - jwt\n  - openai_key\n  - jwt\n") == kept)
        // A rule of one's own may take the name of one that is taken away.
        let own = try Self.rules(
            "rules: [{name: jwt, field: token}]\ndisable: [openai_key, jwt]")
        #expect(own == [SecretRule(name: "jwt", shape: .field(name: "token"))] + kept)
    }

    @Test(arguments: ["", "\n", "# nothing yet\n", "rules: []", "disable: []", "{}"])
    func `may say nothing`(text: String) throws {
        #expect(try Self.rules(text) == SecretRule.defaults)
    }

    @Test(arguments: SecretRule.Alphabet.allCases)
    func `knows every alphabet by its name`(alphabet: SecretRule.Alphabet) throws {
        let rules = try Self.rules(
            "rules: [{name: a, prefix: abc, alphabet: \(alphabet.rawValue), length_min: 5}]")
        #expect(
            rules.first?.shape == .token(prefix: "abc", alphabet: alphabet, lengthMin: 5))
    }

    @Test(arguments: [
        ("rule: []", "rules.yaml:1: unknown key rule; there are rules and disable"),
        ("rules: 5", "rules.yaml:1: rules must be a list"),
        ("\nrules:\n  a: 1", "rules.yaml:3: rules must be a list"),
        ("disable: openai_key", "rules.yaml:1: disable must be a list of rule names"),
        ("disable:\n- jwt\n- jvt", "rules.yaml:3: disable names no built-in rule"),
        ("disable: [[jwt]]", "rules.yaml:1: disable names no built-in rule"),
        ("- rules", "rules.yaml:1: must be a mapping of keys to values"),
        ("rules", "rules.yaml:1: must be a mapping of keys to values"),
        ("rules:\n- name: a\n  field: abc\n  feild: abc", "rules.yaml:4: unknown key feild"),
        ("rules:\n- field: abc", "rules.yaml:2: name must be small letters, digits and _"),
        (
            "rules:\n- field: abc\n  name: Abc",
            "rules.yaml:3: name must be small letters, digits and _"
        ),
        (
            "rules:\n- field: abc\n  name: ''",
            "rules.yaml:3: name must be small letters, digits and _"
        ),
        (
            "rules:\n- field: abc\n  name: a-b",
            "rules.yaml:3: name must be small letters, digits and _"
        ),
        (
            "rules:\n- field: abc\n  name: é",
            "rules.yaml:3: name must be small letters, digits and _"
        ),
        (
            "rules:\n- field: abc\n  name: a\"b",
            "rules.yaml:3: name must be small letters, digits and _"
        ),
        (
            "rules:\n- field: abc\n  name: [a]",
            "rules.yaml:3: name must be small letters, digits and _"
        ),
        ("rules:\n- name: a", "rules.yaml:2: a rule has one of prefix, assignment and field"),
        (
            "rules:\n- name: a\n  field: abc\n  assignment: abc",
            "rules.yaml:2: a rule has one of prefix, assignment and field"
        ),
        (
            "rules:\n- name: a\n  field: [abc]",
            "rules.yaml:2: a rule has one of prefix, assignment and field"
        ),
        (
            "rules:\n- name: a\n  field: ab",
            "rules.yaml:3: field must have at least three ASCII characters"
        ),
        (
            "rules:\n- name: a\n  assignment: aéb",
            "rules.yaml:3: assignment must have at least three ASCII characters"
        ),
        (
            "rules:\n- name: a\n  prefix: ''",
            "rules.yaml:3: prefix must have at least three ASCII characters"
        ),
        (
            "rules:\n- name: a\n  prefix: abc",
            "rules.yaml:2: alphabet must be one of digits, hex, upper_alphanumeric, alphanumeric, base64url, token"
        ),
        (
            "rules:\n- name: a\n  prefix: abc\n  alphabet: base64",
            "rules.yaml:4: alphabet must be one of digits, hex, upper_alphanumeric, alphanumeric, base64url, token"
        ),
        (
            "rules:\n- name: a\n  prefix: abc\n  alphabet: hex",
            "rules.yaml:2: length_min must be a positive number"
        ),
        (
            "rules:\n- name: a\n  prefix: abc\n  alphabet: hex\n  length_min: 0",
            "rules.yaml:5: length_min must be a positive number"
        ),
        (
            "rules:\n- name: a\n  prefix: abc\n  alphabet: hex\n  length_min: many",
            "rules.yaml:5: length_min must be a positive number"
        ),
        (
            "rules:\n- name: a\n  prefix: abc\n  alphabet: hex\n  length_min: 5\n  length_max: 4",
            "rules.yaml:6: length_max must be a number from length_min on"
        ),
        (
            "rules:\n- name: a\n  prefix: abc\n  alphabet: hex\n  length_min: 5\n  length_max: none",
            "rules.yaml:6: length_max must be a number from length_min on"
        ),
    ])
    func `is refused with the place of its fault`(text: String, fault: String) {
        #expect(Self.faults(text) == [fault])
    }

    @Test func `is told all that is wrong with it at once`() {
        let text = """
            disable: [jwt, nothing]
            rules:
              - name: good
                field: password
              - name: Bad
                field: password
              - name: bad
                prefix: "a"
                colour: red
              - 7
            more: true
            """
        #expect(
            Self.faults(text) == [
                "rules.yaml:1: disable names no built-in rule",
                "rules.yaml:5: name must be small letters, digits and _",
                "rules.yaml:9: unknown key colour",
                "rules.yaml:8: prefix must have at least three ASCII characters",
                "rules.yaml:10: must be a mapping of keys to values",
                "rules.yaml:10: name must be small letters, digits and _",
                "rules.yaml:11: unknown key more; there are rules and disable",
            ])
    }

    @Test(arguments: [
        ("rules: [", 1), ("rules: {a: b", 1), ("a: b: c", 1), ("a: 1\nb: \"", 2),
        ("a: 1\n\tb: 2", 2),
        ("rules: *none", 1), ("a: 1\n}", 2), ("a: |x\n b", 1),
    ])
    func `is refused with the line where it stops being YAML`(text: String, line: Int) {
        let faults = Self.faults(text)
        #expect(faults.count == 1)
        let places = ["rules.yaml:\(line): ", "rules.yaml:\(line + 1): "]
        #expect(places.contains { faults.first?.hasPrefix($0) == true }, "\(faults)")
    }

    @Test(arguments: ["rules: []\nrules: []", "rules:\n- name: a\n  field: abc\n  name: b"])
    func `is refused with the line of a key that comes twice`(text: String) {
        let faults = Self.faults(text)
        #expect(faults.count == 1)
        #expect(
            faults.first?.contains(/^rules\.yaml:[0-9]+: .*(twice|more than once|duplicate)/)
                == true, "\(faults)")
    }

    @Test func `is refused as a whole where no line is to be named`() {
        #expect(Self.faults("disable: [\u{1}]") == ["rules.yaml: cannot be read as YAML"])
    }
}

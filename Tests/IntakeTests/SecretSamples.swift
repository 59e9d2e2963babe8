import Intake
import Testing

/// What keys of one kind look like, as those who issue them say; kept apart from the rules on purpose.
///
/// No sample stands here as a whole: scanners that look for secrets would find it.
struct SecretSample: CustomTestStringConvertible {
    let rule: String
    /// The two halves of the prefix.
    let prefix: (String, String)
    /// Repeated to make the rest.
    let letters: String
    let length: Int
    /// A longer one is no secret of this kind.
    var isExact = false
    var parts = 1

    var testDescription: String { "\(rule) \(prefix.0)…" }

    var prefixText: String { prefix.0 + prefix.1 }

    /// The shortest that is a secret, or one that is longer by so much.
    func secret(longerBy extra: Int = 0) -> String {
        prefixText
            + Array(repeating: run(length + extra), count: parts).joined(separator: ".")
    }

    func run(_ length: Int) -> String {
        String(String(repeating: letters, count: length / letters.count + 1).prefix(length))
    }

    private static let upper = "A1Z9B0QX"
    private static let mixed = "aZ09zAbQ"
    private static let hex = "0a9fAF37"
    private static let url = "aZ0-9_zA"
    private static let free = "aZ9-_.~+/="

    static let all = cloud + forges + models + services

    private static let cloud =
        [("AK", "IA"), ("AS", "IA"), ("AB", "IA"), ("AC", "CA")].map {
            SecretSample(
                rule: "aws_access_key", prefix: $0, letters: upper, length: 16, isExact: true)
        } + [
            SecretSample(
                rule: "google_api_key", prefix: ("AI", "za"), letters: url, length: 35,
                isExact: true),
            SecretSample(rule: "google_oauth", prefix: ("ya", "29."), letters: url, length: 20),
            SecretSample(
                rule: "google_client_secret", prefix: ("GOC", "SPX-"), letters: url, length: 20),
            SecretSample(
                rule: "digitalocean_token", prefix: ("dop", "_v1_"), letters: hex, length: 64,
                isExact: true),
        ]

    private static let forges =
        ["p_", "o_", "u_", "s_", "r_"].map {
            SecretSample(rule: "github_token", prefix: ("gh", $0), letters: mixed, length: 36)
        }
        + ["pat-", "dt-", "rt-", "ptt-", "cbt-", "soat-"].map {
            SecretSample(rule: "gitlab_token", prefix: ("gl", $0), letters: url, length: 20)
        } + [
            SecretSample(
                rule: "github_token", prefix: ("github", "_pat_"), letters: url, length: 22),
            SecretSample(
                rule: "atlassian_token", prefix: ("ATA", "TT3"), letters: free, length: 50),
            SecretSample(rule: "bitbucket_token", prefix: ("AT", "BB"), letters: mixed, length: 24),
            SecretSample(
                rule: "npm_token", prefix: ("np", "m_"), letters: mixed, length: 36, isExact: true),
            SecretSample(rule: "pypi_token", prefix: ("py", "pi-"), letters: url, length: 50),
            SecretSample(rule: "docker_token", prefix: ("dckr", "_pat_"), letters: url, length: 20),
            SecretSample(
                rule: "rubygems_token", prefix: ("ruby", "gems_"), letters: hex, length: 48,
                isExact: true),
        ]

    private static let models = [
        SecretSample(rule: "anthropic_key", prefix: ("sk-", "ant-"), letters: url, length: 20),
        SecretSample(rule: "openai_key", prefix: ("sk-", "proj-"), letters: url, length: 20),
        SecretSample(rule: "openai_key", prefix: ("sk-", "svcacct-"), letters: url, length: 20),
        SecretSample(rule: "openrouter_key", prefix: ("sk-", "or-v1-"), letters: hex, length: 32),
        SecretSample(rule: "openai_key", prefix: ("s", "k-"), letters: mixed, length: 32),
        SecretSample(rule: "huggingface_token", prefix: ("h", "f_"), letters: mixed, length: 30),
        SecretSample(rule: "groq_key", prefix: ("gs", "k_"), letters: mixed, length: 40),
        SecretSample(rule: "xai_key", prefix: ("xa", "i-"), letters: mixed, length: 60),
        SecretSample(rule: "perplexity_key", prefix: ("pp", "lx-"), letters: mixed, length: 40),
        SecretSample(rule: "replicate_token", prefix: ("r", "8_"), letters: mixed, length: 37),
    ]

    private static let services =
        ["xb-", "xp-", "xa-", "xr-", "xs-"].map {
            SecretSample(rule: "slack_token", prefix: ("xo", $0), letters: url, length: 10)
        }
        + ["live_", "test_"].flatMap {
            [
                SecretSample(
                    rule: "stripe_key", prefix: ("sk_", $0), letters: mixed, length: 16),
                SecretSample(
                    rule: "stripe_key", prefix: ("rk_", $0), letters: mixed, length: 16),
            ]
        } + [
            SecretSample(rule: "slack_token", prefix: ("xa", "pp-"), letters: url, length: 10),
            SecretSample(rule: "webhook_secret", prefix: ("wh", "sec_"), letters: free, length: 24),
            SecretSample(
                rule: "shopify_token", prefix: ("sh", "pat_"), letters: hex, length: 32,
                isExact: true),
            SecretSample(
                rule: "sendgrid_key", prefix: ("S", "G."), letters: url, length: 16, parts: 2),
            SecretSample(rule: "jwt", prefix: ("e", "yJ"), letters: url, length: 8, parts: 3),
            SecretSample(rule: "bearer_token", prefix: ("Bea", "rer "), letters: free, length: 16),
        ]
}

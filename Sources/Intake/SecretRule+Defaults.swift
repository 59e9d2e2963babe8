extension SecretRule {
    /// The shapes that cloud providers, forges, model providers and payment services document for
    /// their keys. More specific prefixes come before the ones they begin with.
    public static let defaults: [SecretRule] =
        cloud + forges + modelProviders + services + [
            SecretRule(name: "private_key", shape: .privateKey),
            SecretRule(
                name: "jwt",
                shape: .token(prefix: "eyJ", alphabet: .base64url, lengthMin: 8, parts: 3)),
            SecretRule(name: "authorization", shape: .assignment(name: "authorization")),
            SecretRule(
                name: "bearer_token",
                shape: .token(prefix: "Bearer ", alphabet: .token, lengthMin: 16)),
            SecretRule(name: "api_key", shape: .assignment(name: "x-api-key")),
        ]

    private static let cloud =
        ["AKIA", "ASIA", "ABIA", "ACCA"].map {
            token("aws_access_key", $0, .upperAlphanumeric, 16...16)
        } + [
            SecretRule(name: "aws_secret", shape: .assignment(name: "aws_secret_access_key")),
            SecretRule(name: "aws_secret", shape: .assignment(name: "aws_session_token")),
            token("google_api_key", "AIza", .base64url, 35...35),
            token("google_oauth", "ya29.", .base64url, 20...),
            token("google_client_secret", "GOCSPX-", .base64url, 20...),
            SecretRule(name: "azure_account_key", shape: .assignment(name: "accountkey")),
            token("digitalocean_token", "dop_v1_", .hex, 64...64),
        ]

    private static let forges =
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"].map {
            token("github_token", $0, .alphanumeric, 36...)
        } + [
            token("github_token", "github_pat_", .base64url, 22...)
        ]
        + ["glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-"].map {
            token("gitlab_token", $0, .base64url, 20...)
        } + [
            token("atlassian_token", "ATATT3", .token, 50...),
            token("bitbucket_token", "ATBB", .alphanumeric, 24...),
            token("npm_token", "npm_", .alphanumeric, 36...36),
            token("pypi_token", "pypi-", .base64url, 50...),
            token("docker_token", "dckr_pat_", .base64url, 20...),
            token("rubygems_token", "rubygems_", .hex, 48...48),
        ]

    private static let modelProviders = [
        token("anthropic_key", "sk-ant-", .base64url, 20...),
        token("openai_key", "sk-proj-", .base64url, 20...),
        token("openai_key", "sk-svcacct-", .base64url, 20...),
        token("openrouter_key", "sk-or-v1-", .hex, 32...),
        token("openai_key", "sk-", .alphanumeric, 32...),
        token("huggingface_token", "hf_", .alphanumeric, 30...),
        token("groq_key", "gsk_", .alphanumeric, 40...),
        token("xai_key", "xai-", .alphanumeric, 60...),
        token("perplexity_key", "pplx-", .alphanumeric, 40...),
        token("replicate_token", "r8_", .alphanumeric, 37...),
    ]

    private static let services =
        ["xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xapp-"].map {
            token("slack_token", $0, .base64url, 10...)
        }
        + ["sk_live_", "rk_live_", "sk_test_", "rk_test_"].map {
            token("stripe_key", $0, .alphanumeric, 16...)
        } + [
            token("webhook_secret", "whsec_", .token, 24...),
            token("shopify_token", "shpat_", .hex, 32...32),
            SecretRule(
                name: "sendgrid_key",
                shape: .token(prefix: "SG.", alphabet: .base64url, lengthMin: 16, parts: 2)),
        ]

    private static func token(
        _ name: String, _ prefix: String, _ alphabet: Alphabet, _ length: ClosedRange<Int>
    ) -> SecretRule {
        SecretRule(
            name: name,
            shape: .token(
                prefix: prefix, alphabet: alphabet, lengthMin: length.lowerBound,
                lengthMax: length.upperBound))
    }

    private static func token(
        _ name: String, _ prefix: String, _ alphabet: Alphabet, _ length: PartialRangeFrom<Int>
    ) -> SecretRule {
        token(name, prefix, alphabet, length.lowerBound ... .max)
    }
}

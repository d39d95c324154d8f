using IncomingCalls.AspNetCore.Options;
using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// The options of the webhook endpoint; configuration section <c>IncomingCalls:Webhook</c>. They are validated when the host starts
/// and read at each request, so that a change of the configuration needs no restart. An invalid change, such as the removal of the
/// last token, is logged as an Error and ignored: the last valid options stay in use.
/// </summary>
public sealed class IncomingCallsWebhookOptions
{
    /// <summary>The keys of the section.</summary>
    internal static readonly KnownKeys Keys = new() { { nameof(Tokens), KnownKeys.List() }, nameof(AllowAnonymous), nameof(MaxBodyBytes), { nameof(AllowedSenders), KnownKeys.List() } };

    internal const int MaxBodyBytesLowerBound = 1024;
    internal const int MaxBodyBytesUpperBound = 16 * 1024 * 1024;

    /// <summary>
    /// The tokens that are accepted for every instance: the setting <c>webhookUrlToken</c> of the instances, with or without a leading
    /// <c>Bearer</c> or <c>Basic</c>. Set two tokens while one is being replaced. The tokens of a single instance are in
    /// <see cref="CallInstance.WebhookTokens"/>.
    /// </summary>
    /// <value>Default: null. The host does not start without a token unless <see cref="AllowAnonymous"/> is set or an instance source is registered.</value>
    public IReadOnlyList<string>? Tokens { get; set; }

    /// <summary>
    /// Whether requests need no token; the Authorization header is then ignored. Only for an endpoint that unauthorized clients cannot
    /// reach.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AllowAnonymous { get; set; }

    /// <summary>
    /// The maximum size of a notification that is stored, in bytes. Of a larger one the beginning is quarantined, unless it is of another type; both are
    /// acknowledged, because the gateway would send a refused one again for 24 hours.
    /// </summary>
    /// <value>Default: 1,048,576 (1 MiB). Range: 1,024 to 16,777,216.</value>
    [NumberRange(MaxBodyBytesLowerBound, MaxBodyBytesUpperBound)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The networks, such as <c>203.0.113.0/24</c>, or single addresses from which requests are accepted. The address of the connection
    /// is checked, so behind a proxy this works only with the forwarded-headers middleware.
    /// </summary>
    /// <value>Default: null, all addresses.</value>
    public IReadOnlyList<string>? AllowedSenders { get; set; }
}

/// <summary>Validates the options. Each failure names the key and a valid value.</summary>
/// <param name="sources">The sources of instances, which can make a token of the endpoint optional.</param>
/// <param name="bound">The sections that were bound to the options.</param>
internal sealed class IncomingCallsWebhookOptionsValidator(IEnumerable<IInstanceSource> sources, IEnumerable<BoundSection<IncomingCallsWebhookOptions>> bound)
    : IValidateOptions<IncomingCallsWebhookOptions>
{
    private readonly IncomingCallsWebhookOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, IncomingCallsWebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls:Webhook", bound.Select(section => section.Section));
        RequireTokens(check, options);
        RequireSenders(check, options);
        check.RequireRanges(_ranges, options);
        return check.Result;
    }

    private void RequireTokens(OptionsCheck check, IncomingCallsWebhookOptions options)
    {
        // A source can add and remove instances with their tokens at run time, so having no token at all is then a valid state.
        var hasToken = options.AllowAnonymous || options.Tokens is { Count: > 0 } || sources.Any(source => source.IsWebhookTokenOptional);
        var (token, anonymous) = (check.GetPath("Tokens:0"), check.GetPath("AllowAnonymous"));
        check.Require(
            hasToken,
            "Tokens",
            $"contains no token, so every client could post calls. Write the webhookUrlToken of your instances to {token} "
                + $"(environment variable {token.Replace(":", "__", StringComparison.Ordinal)}), or set {anonymous} = true if unauthorized clients cannot reach the endpoint.");
        for (var i = 0; i < options.Tokens?.Count; i++)
        {
            check.Require(!AuthorizationHeader.ExtractToken(options.Tokens[i]).IsEmpty, $"Tokens:{i}", "contains no secret. Write the webhookUrlToken of your instances, or remove the key.");
        }
    }

    private static void RequireSenders(OptionsCheck check, IncomingCallsWebhookOptions options)
    {
        check.Require(
            options.AllowedSenders is not { Count: 0 },
            "AllowedSenders",
            "is empty, which could mean no sender or every sender. Write a network such as 203.0.113.0/24, or remove the key to accept every sender.");
        for (var i = 0; i < options.AllowedSenders?.Count; i++)
        {
            check.Require(
                SenderNetworks.TryParse(options.AllowedSenders[i], out _),
                $"AllowedSenders:{i}",
                $"is '{options.AllowedSenders[i]}', which is not a network. Write a network such as 203.0.113.0/24, or an address such as 203.0.113.7.");
        }
    }
}

/// <summary>Validates the ranges of the whole numbers, which are declared by attributes.</summary>
[OptionsValidator]
internal sealed partial class IncomingCallsWebhookOptionsRanges : IValidateOptions<IncomingCallsWebhookOptions>;

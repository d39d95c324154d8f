using IncomingCalls.AspNetCore.Options;
using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// The options of the webhook endpoint; configuration section <c>IncomingCalls:Webhook</c>. Validated when the host starts, and
/// read anew at each request, so that a change of configuration needs no restart. A change that is not valid is logged as an
/// Error and not used: the options before it stay in force, a removed last token included.
/// </summary>
public sealed class IncomingCallsWebhookOptions
{
    internal const int MaxBodyBytesLowerBound = 1024;
    internal const int MaxBodyBytesUpperBound = 16 * 1024 * 1024;

    /// <summary>
    /// The tokens that requests of any instance may carry, as in the setting <c>webhookUrlToken</c> of the instances; with or
    /// without a leading <c>Bearer</c> or <c>Basic</c>. Write two while a token is being replaced. The tokens of a single
    /// instance are in <see cref="CallInstance.WebhookTokens"/>.
    /// </summary>
    /// <value>Default: null. The host does not start without a token unless <see cref="AllowAnonymous"/> is set or an instance source is registered.</value>
    public IReadOnlyList<string>? Tokens { get; set; }

    /// <summary>
    /// Whether requests need no token; the Authorization header is then not looked at. Only for an endpoint that strangers
    /// cannot reach.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AllowAnonymous { get; set; }

    /// <summary>How long a request's body may be, in bytes; a longer one is answered 413.</summary>
    /// <value>Default: 1,048,576 (1 MiB). Range: 1,024 to 16,777,216.</value>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The networks that requests may come from, such as <c>203.0.113.0/24</c>, or single addresses. Behind a proxy this works
    /// only with the forwarded-headers middleware, since it is the address of the connection that counts.
    /// </summary>
    /// <value>Default: null, from anywhere.</value>
    public IReadOnlyList<string>? AllowedSenders { get; set; }
}

/// <summary>Says which key is wrong and what to write.</summary>
/// <param name="sources">Where instances come from, which may bring tokens, or may all be polled.</param>
internal sealed class IncomingCallsWebhookOptionsValidator(IEnumerable<IInstanceSource> sources) : IValidateOptions<IncomingCallsWebhookOptions>
{
    private const string Section = "IncomingCalls:Webhook";

    public ValidateOptionsResult Validate(string? name, IncomingCallsWebhookOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<string> failures = [.. TokenFailures(options), .. SenderFailures(options)];
        var check = new OptionsCheck(Section);
        check.RequireBetween("MaxBodyBytes", options.MaxBodyBytes, IncomingCallsWebhookOptions.MaxBodyBytesLowerBound, IncomingCallsWebhookOptions.MaxBodyBytesUpperBound);
        failures.AddRange(check.Result.Failures ?? []);

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private IEnumerable<string> TokenFailures(IncomingCallsWebhookOptions options)
    {
        // Instances come and go at run time, and so do their tokens: with a source, none at all is a valid state.
        if (options is { AllowAnonymous: false, Tokens: null or { Count: 0 } } && !sources.Any(source => source.IsWebhookTokenOptional))
        {
            yield return $"{Section}:Tokens holds no token, so anybody could post calls. Write the webhookUrlToken of your instances to {Section}:Tokens:0 "
                + $"(environment variable {Section.Replace(":", "__", StringComparison.Ordinal)}__Tokens__0), or {Section}:AllowAnonymous = true if strangers cannot reach the endpoint.";
        }

        for (var i = 0; i < options.Tokens?.Count; i++)
        {
            if (AuthorizationHeader.ExtractToken(options.Tokens[i]).IsEmpty)
            {
                yield return $"{Section}:Tokens:{i} holds no secret. Write the webhookUrlToken of your instances, or remove the key.";
            }
        }
    }

    private static IEnumerable<string> SenderFailures(IncomingCallsWebhookOptions options)
    {
        if (options.AllowedSenders is { Count: 0 })
        {
            yield return $"{Section}:AllowedSenders is empty, which could mean nobody or everybody. Write a network such as 203.0.113.0/24, or remove the key.";
        }

        for (var i = 0; i < options.AllowedSenders?.Count; i++)
        {
            if (!SenderNetworks.TryParse(options.AllowedSenders[i], out _))
            {
                yield return $"{Section}:AllowedSenders:{i} is '{options.AllowedSenders[i]}', which is no network. Write a network such as 203.0.113.0/24, or an address such as 203.0.113.7.";
            }
        }
    }
}

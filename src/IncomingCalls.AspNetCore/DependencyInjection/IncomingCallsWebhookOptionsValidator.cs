using Microsoft.Extensions.Options;

namespace IncomingCalls;

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

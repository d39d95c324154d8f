using Microsoft.Extensions.Primitives;

namespace IncomingCalls;

/// <summary>
/// Checks the token of a request from GREEN-API, for hosts that receive notifications with an endpoint of their own. The endpoint of
/// <c>MapIncomingCalls</c> uses the same check.
/// </summary>
/// <remarks>
/// Registered by <c>AddWebhook</c>. The valid tokens are <see cref="IncomingCallsWebhookOptions.Tokens"/> and the
/// <see cref="CallInstance.WebhookTokens"/> of the current instances; changes of both apply at once. Tokens are compared in constant time. A singleton; thread-safe.
/// </remarks>
public interface IWebhookTokenValidator
{
    /// <summary>Checks the Authorization header of a request. Do it before the body is read.</summary>
    /// <param name="authorization">
    /// The values of the header, <c>request.Headers.Authorization</c>. The token can be sent alone, after <c>Bearer</c>, or after <c>Basic</c>: as it is, or
    /// as the password or the whole of Base64 credentials.
    /// </param>
    /// <returns>The result. If it is not valid, answer 401; otherwise, pass <see cref="WebhookTokenResult.ExpectedIdInstances"/> to the intake.</returns>
    WebhookTokenResult Validate(StringValues authorization);
}

/// <summary>The result of the check of a token.</summary>
public sealed class WebhookTokenResult
{
    private WebhookTokenResult(IReadOnlyCollection<long>? expectedIdInstances, string? problem) =>
        (ExpectedIdInstances, Problem) = (expectedIdInstances, problem);

    /// <summary>Whether the request contains a valid token, or needs none because of <see cref="IncomingCallsWebhookOptions.AllowAnonymous"/>.</summary>
    public bool IsValid => Problem is null;

    /// <summary>
    /// The instances that own the token: the value for <see cref="IntakeRequest.ExpectedIdInstances"/>. Null for every instance, and when there is no valid
    /// token.
    /// </summary>
    public IReadOnlyCollection<long>? ExpectedIdInstances { get; }

    /// <summary>Why the token is not valid, and what to do; null for a valid one. The text can be logged: it contains no token.</summary>
    public string? Problem { get; }

    /// <summary>Creates the result for a valid token.</summary>
    /// <param name="expectedIdInstances">The instances that own the token; null for every instance.</param>
    /// <returns>The result.</returns>
    public static WebhookTokenResult Valid(IReadOnlyCollection<long>? expectedIdInstances = null) => new(expectedIdInstances, problem: null);

    /// <summary>Creates the result for a missing or unknown token.</summary>
    /// <param name="problem">Why the token is not valid, and what to do.</param>
    /// <returns>The result.</returns>
    public static WebhookTokenResult Invalid(string problem)
    {
        ArgumentException.ThrowIfNullOrEmpty(problem);
        return new(expectedIdInstances: null, problem);
    }
}

namespace IncomingCalls;

/// <summary>A GREEN-API account that the host works with. Its text never shows the tokens.</summary>
public sealed class CallInstance
{
    /// <summary>The number of the instance.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The address of the API as the console shows it, for example <c>https://7103.api.greenapi.com</c>. A path, as in <c>…/v3</c>, is kept.</summary>
    /// <value>Default: <c>https://api.green-api.com</c>.</value>
    public Uri ApiUrl { get; init; } = new("https://api.green-api.com");

    /// <summary>The secret of the API, <c>apiTokenInstance</c>; null for an instance that only posts to our webhook and whose callers' names nobody asks for.</summary>
    public string? ApiTokenInstance { get; init; }

    /// <summary>How its notifications reach us.</summary>
    /// <value>Default: <see cref="ReceiveMode.Polling"/>.</value>
    public ReceiveMode Receive { get; init; }

    /// <summary>Its scenario; null for the one of <see cref="IncomingCallsOptions"/>.</summary>
    public CallScenario? Scenario { get; init; }

    /// <summary>The language of its chat records, <c>ru</c> for example; null for <see cref="IncomingCallsOptions.Culture"/>.</summary>
    public string? Culture { get; init; }

    /// <summary>The tokens that its webhook requests may carry, besides those of the endpoint; null for none.</summary>
    public IReadOnlyList<string>? WebhookTokens
    {
        get;
        // A copy: a list that its source edits later would be equal to itself, and the change would go unnoticed.
        init => field = value is null ? null : [.. value];
    }

    /// <summary>Whether another says the same in every property: a source may make its instances anew each time it is read.</summary>
    internal bool HasSameValues(CallInstance other) =>
        IdInstance == other.IdInstance && ApiUrl == other.ApiUrl && ApiTokenInstance == other.ApiTokenInstance && Receive == other.Receive
        && Scenario == other.Scenario && Culture == other.Culture && (WebhookTokens ?? []).SequenceEqual(other.WebhookTokens ?? []);

    /// <summary>The number of the instance.</summary>
    /// <returns>A text that is fit for logs.</returns>
    public override string ToString() => $"instance {IdInstance}";
}

/// <summary>How the notifications of an instance reach us.</summary>
public enum ReceiveMode
{
    /// <summary>We ask for them: receiveNotification and deleteNotification.</summary>
    Polling = 0,

    /// <summary>The gateway posts them to our webhook endpoint.</summary>
    Webhook,
}

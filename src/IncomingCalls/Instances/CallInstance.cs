namespace IncomingCalls;

/// <summary>A GREEN-API instance of the host. Its <see cref="ToString"/> does not contain the tokens.</summary>
public sealed class CallInstance
{
    /// <summary>The number of the instance.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The address of the API as the GREEN-API console shows it, for example <c>https://7103.api.greenapi.com</c>. It can contain a path, as in <c>…/v3</c>.</summary>
    /// <value>Default: <c>https://api.green-api.com</c>.</value>
    public Uri ApiUrl { get; init; } = new("https://api.green-api.com");

    /// <summary>The API token, <c>apiTokenInstance</c>; null for an instance that only posts to the webhook endpoint and whose caller names are not looked up.</summary>
    public string? ApiTokenInstance { get; init; }

    /// <summary>How the notifications of the instance are received.</summary>
    /// <value>Default: <see cref="ReceiveMode.Polling"/>.</value>
    public ReceiveMode Receive { get; init; }

    /// <summary>The scenario of the instance; null for <see cref="IncomingCallsOptions.Scenario"/>.</summary>
    public CallScenario? Scenario { get; init; }

    /// <summary>
    /// The language of the chat records of the instance, for example <c>ru</c>; null for that of the account, or else
    /// <see cref="IncomingCallsOptions.Culture"/>.
    /// </summary>
    public string? Culture { get; init; }

    /// <summary>
    /// The name of the line that people know, for example <c>Sales</c>; it replaces <c>{line}</c> in the texts of chat records. Null for the number of
    /// the instance.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>
    /// The customer whom the instance belongs to. Instances of one account share the settings of
    /// <see cref="IncomingCallsOptions.Accounts"/>. Null for none.
    /// </summary>
    public string? Account { get; init; }

    /// <summary>
    /// The time zone of the chat records of the instance, as an IANA name such as <c>Europe/Moscow</c>; null for that of the account, or else
    /// <see cref="IncomingCallsOptions.TimeZone"/>. A name that the machine does not know is treated as null.
    /// </summary>
    public string? TimeZone { get; init; }

    /// <summary>
    /// Texts of the chat records of the instance, which take precedence over those of the account and the language; null for none. They may
    /// contain the placeholders of <see cref="IncomingCallsOptions.Labels"/>.
    /// </summary>
    public IReadOnlyDictionary<CallLabel, string>? Labels
    {
        get;
        // A copy, as of the tokens.
        init => field = value is null ? null : new Dictionary<CallLabel, string>(value);
    }

    /// <summary>The tokens that are accepted for webhook requests of this instance only, in addition to those of the endpoint; null for none.</summary>
    public IReadOnlyList<string>? WebhookTokens
    {
        get;
        // A copy: if the source changed its list later, the comparison of the list with itself would not detect the change.
        init => field = value is null ? null : [.. value];
    }

    /// <summary>Compares all properties, because a source may create new objects each time it is read.</summary>
    internal bool HasSameValues(CallInstance other) =>
        IdInstance == other.IdInstance && ApiUrl == other.ApiUrl && ApiTokenInstance == other.ApiTokenInstance && Receive == other.Receive
        && Scenario == other.Scenario && Culture == other.Culture && Name == other.Name && Account == other.Account && TimeZone == other.TimeZone
        && (WebhookTokens ?? []).SequenceEqual(other.WebhookTokens ?? []) && Sort(Labels).SequenceEqual(Sort(other.Labels));

    /// <summary>Returns a text with the number of the instance.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => $"instance {IdInstance}";

    private static IEnumerable<KeyValuePair<CallLabel, string>> Sort(IReadOnlyDictionary<CallLabel, string>? labels) => (labels ?? new Dictionary<CallLabel, string>()).OrderBy(label => label.Key);
}

/// <summary>The ways to receive the notifications of an instance.</summary>
public enum ReceiveMode
{
    /// <summary>The host polls them with <c>receiveNotification</c> and <c>deleteNotification</c>.</summary>
    Polling = 0,

    /// <summary>The gateway posts them to the webhook endpoint of the host.</summary>
    Webhook,

    /// <summary>
    /// The notifications belong to another integration. The host reads the results of calls from the call journal of the gateway, minutes after the calls, and changes no setting of the
    /// instance. It needs a durable inbox.
    /// </summary>
    Journal,
}

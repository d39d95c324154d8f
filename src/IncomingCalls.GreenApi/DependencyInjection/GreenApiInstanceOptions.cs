namespace IncomingCalls;

/// <summary>One entry of <see cref="GreenApiOptions.Instances"/>. An entry that cannot work is logged as an error and skipped.</summary>
public sealed class GreenApiInstanceOptions
{
    /// <summary>The number of the instance, as the console shows it.</summary>
    /// <value>Required.</value>
    public long IdInstance { get; set; }

    /// <summary>The secret of the API, as the console shows it. An instance that only posts to the webhook may do without; its callers then have no names.</summary>
    /// <value>Default: null. Required for polling.</value>
    public string? ApiTokenInstance { get; set; }

    /// <summary>The address of the API as the console shows it, for example <c>https://7103.api.greenapi.com</c>. A path, as in <c>…/v3</c>, is kept.</summary>
    /// <value>Default: null, which means <c>https://api.green-api.com</c>.</value>
    public string? ApiUrl { get; set; }

    /// <summary>How its notifications reach us.</summary>
    /// <value>Default: <see cref="ReceiveMode.Polling"/>.</value>
    public ReceiveMode Receive { get; set; }

    /// <summary>Its scenario.</summary>
    /// <value>Default: null, which means <see cref="IncomingCallsOptions.Scenario"/>.</value>
    public CallScenario? Scenario { get; set; }

    /// <summary>How many GetContactInfo requests per second the API allows this instance.</summary>
    /// <value>Default: null, which means <see cref="GreenApiOptions.CallerNamesPerSecond"/>. Range: 1 to 10.</value>
    public int? CallerNamesPerSecond { get; set; }

    /// <summary>Why the entry could not be read from the configuration; null when it could.</summary>
    internal string? BindingError { get; init; }
}

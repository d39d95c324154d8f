namespace IncomingCalls;

/// <summary>What <see cref="GreenApiClient.EnsureCallNotificationsAsync"/> found and did. Its text is fit for logs.</summary>
public sealed class CallNotificationsResult
{
    /// <summary>What the last answer of the API means: that of getSettings when it failed or nothing was different, else that of setSettings.</summary>
    public required GreenApiStatus Status { get; init; }

    /// <summary>The names of the settings that were not as wanted, as the API spells them, such as <c>incomingCallWebhook</c>; empty when all were.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Whether settings were written: the instance restarts now, and hears nothing for up to five minutes.</summary>
    public bool IsWritten { get; init; }

    /// <summary>Whether the settings are as wanted: they were before, or they have been written.</summary>
    public bool IsEnsured => Status == GreenApiStatus.Ok && (IsWritten || Differences.Count == 0);

    /// <summary>What happened, without any value of a setting.</summary>
    /// <returns>One sentence.</returns>
    public override string ToString() => this switch
    {
        { Status: GreenApiStatus.Ok, Differences.Count: 0 } => "All settings are as wanted.",
        { IsWritten: true } => $"Written: {string.Join(", ", Differences)}. The instance restarts.",
        { Differences.Count: 0 } => $"The settings could not be read ({Status}).",
        _ => $"Different, but not written ({Status}): {string.Join(", ", Differences)}.",
    };
}

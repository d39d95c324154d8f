namespace IncomingCalls.Testing;

/// <summary>What is unusual about a simulated call.</summary>
public sealed class SimulatedCallOptions
{
    /// <summary>Its id.</summary>
    /// <value>Default: null, a random one in the form of the messenger.</value>
    public string? IdMessage { get; set; }

    /// <summary>Whether it is a video call. Seen in official client code, not documented.</summary>
    /// <value>Default: null, not told.</value>
    public bool? IsVideo { get; set; }

    /// <summary>The members of a group call. Seen in official client code, not documented.</summary>
    /// <value>Default: null, not told.</value>
    public IReadOnlyList<string>? Participants { get; set; }

    /// <summary>The <c>from</c> of its outcome. Reported: it was that of whoever ended the call.</summary>
    /// <value>Default: null, the caller.</value>
    public string? OutcomeFrom { get; set; }

    /// <summary>What is added to the timestamps: negative for a call that comes late.</summary>
    /// <value>Default: zero.</value>
    public TimeSpan TimestampShift { get; set; }

    /// <summary>What is odd about its notifications, besides the <see cref="SimulatedInstance.CallQuirks"/> of the instance.</summary>
    /// <value>Default: <see cref="CallQuirks.None"/>.</value>
    public CallQuirks Quirks { get; set; }
}

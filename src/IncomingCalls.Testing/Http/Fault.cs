namespace IncomingCalls.Testing;

/// <summary>What is wrong with the answer to one request.</summary>
internal sealed record Fault
{
    /// <summary>How late the request is looked at.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status to answer with instead of carrying the request out; null to carry it out.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What is answered with that status.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether the request is carried out and the connection broken.</summary>
    public bool LosesAnswer { get; init; }
}

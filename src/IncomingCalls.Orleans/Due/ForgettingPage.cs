namespace IncomingCalls;

/// <summary>Calls that were finished at about the same time.</summary>
internal sealed record ForgettingPage
{
    public IReadOnlyList<string> Calls { get; init; } = [];
}

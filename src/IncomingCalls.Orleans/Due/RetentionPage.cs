namespace IncomingCalls;

/// <summary>Calls that were finished at about the same time.</summary>
internal sealed record RetentionPage
{
    public IReadOnlyList<string> Calls { get; init; } = [];
}

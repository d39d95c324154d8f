namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>A row of any of the desk's lists, as its JSON has it; what a list does not have is null.</summary>
public sealed record DeskRow
{
    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? ChatId { get; init; }

    public string? CallerName { get; init; }

    public string? Label { get; init; }

    public string? Text { get; init; }

    public string? Kind { get; init; }

    public string? Status { get; init; }

    public string? RawStatus { get; init; }

    public bool? IsLive { get; init; }

    public string? Outcome { get; init; }

    public required DateTimeOffset At { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

namespace IncomingCalls.Testing;

/// <summary>What a call notification says, as it is to be written.</summary>
internal sealed class CallNotificationFields
{
    public required string IdMessage { get; init; }

    public required string? From { get; init; }

    public required string? Status { get; init; }

    public required DateTimeOffset At { get; init; }

    public required bool? IsVideo { get; init; }

    public required IReadOnlyList<string>? Participants { get; init; }
}

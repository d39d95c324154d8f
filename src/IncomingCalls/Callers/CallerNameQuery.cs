namespace IncomingCalls;

/// <summary>Whose name is asked for.</summary>
public sealed class CallerNameQuery
{
    /// <summary>The instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>Who rings. Groups are never asked for.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>Whether an operator is looking at the ringing call now: such queries go first where requests are rationed.</summary>
    public bool IsRinging { get; init; }
}

namespace IncomingCalls;

/// <summary>Whose name is asked for.</summary>
public sealed class CallerNameQuery
{
    private bool _isRinging;

    /// <summary>The instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>Who rings. Groups are never asked for.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>
    /// Whether the caller rings now, and an operator looks at the number: such queries go first where requests are rationed. Becomes
    /// true while the query waits when the caller rings again.
    /// </summary>
    public bool IsRinging { get => Volatile.Read(ref _isRinging); init => _isRinging = value; }

    /// <summary>The caller rings.</summary>
    internal void MarkRinging() => Volatile.Write(ref _isRinging, true);
}

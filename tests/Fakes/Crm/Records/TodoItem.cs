namespace IncomingCalls.Fakes.Crm;

/// <summary>A todo item: call a person back.</summary>
public sealed record TodoItem
{
    /// <summary>The id that the CRM gave to the item.</summary>
    public required string Id { get; init; }

    /// <summary>The client's key of the person.</summary>
    public required string Person { get; init; }

    /// <summary>What is to do; null for no text.</summary>
    public string? Text { get; init; }

    /// <summary>When the item was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When the item was first closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
}

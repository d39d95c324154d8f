namespace IncomingCalls;

/// <summary>The <c>instanceData</c> of a notification: the account that was called.</summary>
public sealed record InstanceData
{
    /// <summary>The number of the instance, up to 12 digits today; 64 bits wide because it grows.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The account of the instance; null while it is not authorised or the gateway does not tell.</summary>
    public ChatId? Wid { get; init; }

    /// <summary>The messenger: <c>whatsapp</c>, <c>v3</c> (MAX) or <c>telegram</c>; null when the gateway does not tell.</summary>
    public string? TypeInstance { get; init; }
}

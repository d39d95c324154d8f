namespace IncomingCalls.Cli;

/// <summary>A call notification that somebody typed.</summary>
internal sealed class TestNotification
{
    /// <summary>An instance of the simulator, for whoever names none.</summary>
    public const long DefaultIdInstance = 1101000001;

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public required string? From { get; init; }

    public required string? Status { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>An id in WhatsApp's form that no call has had.</summary>
    public static string CreateCallId() => Convert.ToHexString(Guid.NewGuid().ToByteArray());

    /// <summary>The bytes, as the gateway writes them.</summary>
    public ReadOnlyMemory<byte> ToWire() => NotificationWriter.Write(new()
    {
        IdMessage = CallId,
        RawStatus = Status,
        From = ChatId.TryParse(From, out var from) ? from : null,
        Instance = new() { IdInstance = IdInstance, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        Timestamp = At,
    });
}

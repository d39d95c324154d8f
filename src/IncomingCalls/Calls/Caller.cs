using System.Text.Json.Serialization;
using IncomingCalls.Calls;

namespace IncomingCalls;

/// <summary>The caller.</summary>
public sealed record Caller
{
    /// <summary>A caller about whom nothing is known.</summary>
    public static Caller Anonymous { get; } = new();

    /// <summary>The chat id of the caller; null when no notification contains it.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>
    /// The caller's name, trimmed; null while no name is known. A name without a visible character is stored as null: white space, and
    /// characters that display nothing, such as U+3164 and U+200D.
    /// </summary>
    public string? Name { get; init => field = VisibleText.TrimToNull(value); }

    /// <summary>The source of <see cref="Name"/>, as reported by its resolver, for example <c>contactName</c>; null without a name.</summary>
    public string? NameSource { get; init; }

    /// <summary>
    /// The text to display: the name, or else the phone number, or else the id as the messenger writes it; empty for an anonymous
    /// caller. A linked id is not a phone number and is displayed as it is.
    /// </summary>
    [JsonIgnore]
    public string DisplayName => Name ?? ChatId?.PhoneNumber ?? ChatId?.Value ?? "";

    /// <summary>Returns the masked chat id. The name is personal data and is not part of the text.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => ChatId?.ToString() ?? "anonymous";
}

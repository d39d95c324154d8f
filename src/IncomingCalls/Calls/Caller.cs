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
    /// The phone number in E.164 form, such as <c>+70000000101</c>: that of <see cref="ChatId"/>, or else the one that a lookup has found; null when
    /// it is not known, or when the caller hides it. It is never made of the digits of a linked id. A text that does not have the form of a phone
    /// number is stored as null.
    /// </summary>
    public string? PhoneNumber { get => ChatId?.PhoneNumber ?? field; init => field = ChatIdFormat.ParsePhoneNumber(value); }

    /// <summary>
    /// The text to display: the name, or else the phone number, or else the id as the messenger writes it; empty for an anonymous
    /// caller. A linked id is not a phone number and is displayed as it is.
    /// </summary>
    [JsonIgnore]
    public string DisplayName => Name ?? PhoneNumber ?? ChatId?.Value ?? "";

    /// <summary>Compares two callers by value.</summary>
    /// <param name="other">The other caller.</param>
    /// <returns>true if all values are equal; otherwise, false.</returns>
    public bool Equals(Caller? other) =>
        // A phone number that was set beside a chat id that contains it makes no difference.
        other is not null && ChatId == other.ChatId && Name == other.Name && NameSource == other.NameSource && PhoneNumber == other.PhoneNumber;

    /// <summary>Computes a hash code from the values.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(ChatId, Name, NameSource, PhoneNumber);

    /// <summary>Returns the masked chat id. The name and the phone number are personal data and are not part of the text.</summary>
    /// <returns>A text that is safe for logs.</returns>
    public override string ToString() => ChatId?.ToString() ?? "anonymous";
}

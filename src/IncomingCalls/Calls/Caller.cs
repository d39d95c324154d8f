using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>Who rings.</summary>
public sealed record Caller
{
    /// <summary>Nobody was named.</summary>
    public static Caller Anonymous { get; } = new();

    /// <summary>The caller's chat; null when the gateway named nobody.</summary>
    public ChatId? ChatId { get; init; }

    /// <summary>The caller's name, without white space around it; null while none is known. White space alone is none.</summary>
    public string? Name { get; init => field = string.IsNullOrWhiteSpace(value) ? null : value.Trim(); }

    /// <summary>Where <see cref="Name"/> comes from, as its resolver says, <c>contactName</c> for example; null without a name.</summary>
    public string? NameSource { get; init; }

    /// <summary>
    /// What to show: the name, else the phone number, else the id as the messenger writes it; empty for nobody. A linked id is no
    /// phone number and is shown as it is.
    /// </summary>
    [JsonIgnore]
    public string DisplayName => Name ?? ChatId?.PhoneNumber ?? ChatId?.Value ?? "";

    /// <summary>The id, masked; a name is a person's data too and never part of this text.</summary>
    /// <returns>A text that is fit for logs.</returns>
    public override string ToString() => ChatId?.ToString() ?? "anonymous";
}

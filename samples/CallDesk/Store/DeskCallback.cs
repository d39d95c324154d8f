using System.Text.Json.Serialization;

namespace CallDesk.Store;

/// <summary>Whether an operator has called back who was not answered.</summary>
internal sealed class DeskCallback : IDeskRow
{
    /// <summary>The call's.</summary>
    public required string Id { get; init; }

    public string? ChatId { get; init; }

    /// <summary>The call's, so that a day's calls and callbacks are read alike.</summary>
    public required DateTime At { get; init; }

    /// <summary>When an operator said so, in UTC; null when it was taken back.</summary>
    public DateTime? CalledBackAt { get; init; }

    /// <summary>When either was said last, in UTC: pages keep the later word.</summary>
    public DateTime ChangedAt { get; init; }

    [JsonIgnore]
    public DateTime WrittenAt { get; set; }

    public static DeskCallback From(DeskCall call) => new() { Id = call.Id, ChatId = call.ChatId, At = call.At };
}

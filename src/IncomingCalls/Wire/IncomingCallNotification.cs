using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>
/// One <c>incomingCall</c> notification of the gateway, see
/// <see href="https://green-api.com/en/docs/api/receiving/notifications-format/IncomingCall/">IncomingCall</see>.
/// </summary>
/// <remarks>
/// Its JSON is the wire form, written and read by the same code as the gateway's own, see <see cref="IncomingCallsJson"/>.
/// Properties that this version does not know are dropped.
/// </remarks>
[JsonConverter(typeof(IncomingCallNotificationJsonConverter))]
public sealed record IncomingCallNotification
{
    private readonly string? _rawStatus;

    /// <summary>The id of the call (<c>idMessage</c>), the same in every notification of one call. Never a number: MAX writes 18 digits.</summary>
    public required string IdMessage { get; init; }

    /// <summary>The account that was called.</summary>
    public required InstanceData Instance { get; init; }

    /// <summary>What the notification says. Setting it sets <see cref="RawStatus"/> to the documented text.</summary>
    /// <value>Default: <see cref="CallStatus.Unspecified"/>.</value>
    public CallStatus Status
    {
        get => CallStatusText.Parse(_rawStatus);
        init => _rawStatus = CallStatusText.ToWire(value);
    }

    /// <summary>The status as the gateway wrote it, <c>hangUp</c> or a value of tomorrow included; null when there was none.</summary>
    public string? RawStatus
    {
        get => _rawStatus;
        init => _rawStatus = string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>The id of the party that started the call; null when the gateway did not tell.</summary>
    public ChatId? From { get; init; }

    /// <summary>When it happened, in UTC, to the second; null when the gateway did not tell or wrote no time.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Whether it is a video call; null when the gateway did not tell.</summary>
    public bool? IsVideo { get; init; }

    /// <summary>The length that the gateway reports, in whole seconds; null when it did not tell.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The members of a group call; empty when the gateway did not tell.</summary>
    public IReadOnlyList<CallParticipant> Participants { get; init; } = [];

    /// <summary>Whether the instance itself is named as the caller: a call placed by the account, reported as incoming.</summary>
    public bool IsFromSelf => From is { } from && from == Instance.Wid;

    /// <summary>Compares by content, the participants included.</summary>
    /// <param name="other">The other notification.</param>
    /// <returns>Whether both say the same.</returns>
    public bool Equals(IncomingCallNotification? other) =>
        other is not null
        && IdMessage == other.IdMessage
        && Instance == other.Instance
        && _rawStatus == other._rawStatus
        && From == other.From
        && Timestamp == other.Timestamp
        && IsVideo == other.IsVideo
        && Duration == other.Duration
        && Participants.SequenceEqual(other.Participants);

    /// <summary>A hash of the content.</summary>
    /// <returns>The hash.</returns>
    public override int GetHashCode() => HashCode.Combine(IdMessage, Instance.IdInstance, _rawStatus, From, Timestamp);
}

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

/// <summary>One member of a group call, as newer gateways list them.</summary>
public sealed record CallParticipant
{
    /// <summary>Who takes part.</summary>
    public required ChatId Id { get; init; }

    /// <summary>What became of the call for this member.</summary>
    public CallStatus Status => CallStatusText.Parse(RawStatus);

    /// <summary>The text of the status as the gateway wrote it; null when there was none.</summary>
    public string? RawStatus { get; init; }
}

/// <summary>Brings the wire form into System.Text.Json, by the same reader and writer as everywhere else.</summary>
internal sealed class IncomingCallNotificationJsonConverter : JsonConverter<IncomingCallNotification>
{
    public override IncomingCallNotification Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var reading = NotificationReader.Read(JsonMarshal.GetRawUtf8Value(document.RootElement));
        return reading.Call ?? throw new JsonException(reading.Reason
            ?? $"This is a notification of type {reading.Type}, not {NotificationProperties.IncomingCall}.");
    }

    public override void Write(Utf8JsonWriter writer, IncomingCallNotification value, JsonSerializerOptions options) =>
        NotificationWriter.Write(writer, value);
}

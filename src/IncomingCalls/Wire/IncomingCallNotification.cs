using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Wire;

namespace IncomingCalls;

/// <summary>
/// One <c>incomingCall</c> or <c>outgoingCall</c> notification of the gateway, see
/// <see href="https://green-api.com/en/docs/api/receiving/notifications-format/IncomingCall/">IncomingCall</see> and
/// <see href="https://green-api.com/en/docs/api/receiving/notifications-format/OutgoingCall/">OutgoingCall</see>.
/// </summary>
/// <remarks>
/// It serializes to the gateway's JSON format, with the reader and writer that are used for the gateway's notifications, see
/// <see cref="IncomingCallsJson"/>. Properties that this version does not know are dropped.
/// </remarks>
[JsonConverter(typeof(IncomingCallNotificationJsonConverter))]
public sealed record IncomingCallNotification
{
    private readonly string? _rawStatus;

    /// <summary>The id of the call (<c>idMessage</c>), the same in every notification of one call. Treat it as text: MAX uses ids of 18 digits.</summary>
    public required string IdMessage { get; init; }

    /// <summary>The instance that was called, or that placed the call.</summary>
    public required InstanceData Instance { get; init; }

    /// <summary>Whether the call is incoming or outgoing: <c>incomingCall</c> or <c>outgoingCall</c>.</summary>
    /// <value>Default: <see cref="CallDirection.Incoming"/>.</value>
    public CallDirection Direction { get; init; }

    /// <summary>The status of the call. Setting it sets <see cref="RawStatus"/> to the documented text.</summary>
    /// <value>Default: <see cref="CallStatus.Unspecified"/>.</value>
    public CallStatus Status
    {
        get => CallStatusText.Parse(_rawStatus);
        init => _rawStatus = CallStatusText.ToWire(value);
    }

    /// <summary>The status as the gateway wrote it, including <c>hangUp</c> and values that this version does not know; null when there was none.</summary>
    public string? RawStatus
    {
        get => _rawStatus;
        init => _rawStatus = string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>The id of the party that started the call, or for an outgoing call of the called chat; null when the notification does not contain it.</summary>
    public ChatId? From { get; init; }

    /// <summary>The time of the status, in UTC, with a resolution of one second; null when the notification contains no valid time.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Whether it is a video call; null when the notification does not contain it.</summary>
    public bool? IsVideo { get; init; }

    /// <summary>The duration that the gateway reports, in whole seconds; null when the notification does not contain it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>The participants of a call; empty when the notification does not list them.</summary>
    public IReadOnlyList<CallParticipant> Participants { get; init; } = [];

    /// <summary>
    /// Whether <see cref="From"/> is the own number of the instance (<see cref="InstanceData.Wid"/>): an outgoing call of the account, or a client's call,
    /// that was reported with it. Calls of the own linked id, which notifications do not contain, have <see cref="CallAnomalies.FromSelf"/> as well, but not this value.
    /// </summary>
    public bool IsFromSelf => From is { } from && from == Instance.Wid;

    /// <summary>Compares two notifications by value, including their participants.</summary>
    /// <param name="other">The other notification.</param>
    /// <returns>true if all values are equal; otherwise, false.</returns>
    public bool Equals(IncomingCallNotification? other) =>
        other is not null
        && IdMessage == other.IdMessage
        && Instance == other.Instance
        && Direction == other.Direction
        && _rawStatus == other._rawStatus
        && From == other.From
        && Timestamp == other.Timestamp
        && IsVideo == other.IsVideo
        && Duration == other.Duration
        && Participants.SequenceEqual(other.Participants);

    /// <summary>Computes a hash code from the values.</summary>
    /// <returns>The hash code.</returns>
    public override int GetHashCode() => HashCode.Combine(IdMessage, Instance.IdInstance, _rawStatus, From, Timestamp);
}

/// <summary>The <c>instanceData</c> of a notification: the instance that was called, or that placed the call.</summary>
public sealed record InstanceData
{
    /// <summary>The number of the instance. It currently has up to 12 digits and is expected to grow.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The account of the instance; null while it is not authorised, or when the notification does not contain it.</summary>
    public ChatId? Wid { get; init; }

    /// <summary>The messenger: <c>whatsapp</c>, <c>v3</c> (MAX) or <c>telegram</c>; null when the notification does not contain it.</summary>
    public string? TypeInstance { get; init; }
}

/// <summary>One participant of a call. Newer gateways list them.</summary>
public sealed record CallParticipant
{
    /// <summary>The id of the participant.</summary>
    public required ChatId Id { get; init; }

    /// <summary>The status of the call for this participant.</summary>
    public CallStatus Status => CallStatusText.Parse(RawStatus);

    /// <summary>The status as the gateway wrote it; null when there was none.</summary>
    public string? RawStatus { get; init; }
}

/// <summary>Connects <see cref="NotificationReader"/> and <see cref="NotificationWriter"/> to System.Text.Json.</summary>
internal sealed class IncomingCallNotificationJsonConverter : JsonConverter<IncomingCallNotification>
{
    public override IncomingCallNotification Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var reading = NotificationReader.Read(JsonMarshal.GetRawUtf8Value(document.RootElement));
        return reading.Call ?? throw new JsonException(reading.Reason
            ?? $"The notification is of type {reading.Type}; only types {NotificationProperties.IncomingCall} and {NotificationProperties.OutgoingCall} can be read.");
    }

    public override void Write(Utf8JsonWriter writer, IncomingCallNotification value, JsonSerializerOptions options) =>
        NotificationWriter.Write(writer, value);
}

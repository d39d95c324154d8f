using System.Text.Json;
using IncomingCalls.Shared;

namespace IncomingCalls.Wire;

/// <summary>
/// The properties of a notification, as positions in its document. Strings are created at the end and only for calls, so that a message of
/// 100 KB allocates nothing.
/// </summary>
internal struct NotificationFields
{
    private JsonText _type;
    private JsonText _idMessage;
    private JsonText _from;
    private JsonText _status;
    private JsonText _wid;
    private JsonText _typeInstance;
    private Range? _participants;
    private long? _timestamp;
    private long? _duration;
    private bool? _isVideo;
    private long? _idInstance;

    public readonly bool HasType => _type.IsPresent;

    /// <summary>Reads the value of a property. The last of several properties with the same name counts.</summary>
    /// <param name="property">The property.</param>
    /// <param name="reader">The reader, which is at the value. Afterwards it is at the end of the value.</param>
    public void Read(NotificationProperty property, ref Utf8JsonReader reader)
    {
        switch (property)
        {
            case NotificationProperty.TypeWebhook:
                // Only a string names a type.
                _type = reader.TokenType == JsonTokenType.String ? JsonText.From(ref reader) : default;
                break;
            case NotificationProperty.IdMessage:
                _idMessage = JsonText.From(ref reader);
                break;
            case NotificationProperty.From:
                _from = JsonText.From(ref reader);
                break;
            case NotificationProperty.Status:
                _status = JsonText.FromAny(ref reader);
                break;
            case NotificationProperty.Timestamp:
                _timestamp = JsonNumber.ReadSeconds(ref reader);
                break;
            case NotificationProperty.Duration:
                _duration = JsonNumber.ReadSeconds(ref reader);
                break;
            case NotificationProperty.IsVideo:
                _isVideo = reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
                break;
            case NotificationProperty.InstanceData:
                ReadInstance(ref reader);
                return;
            case NotificationProperty.Participants:
                _participants = ReadArrayRange(ref reader);
                return;
        }

        reader.Skip();
    }

    /// <summary>Creates the result.</summary>
    /// <param name="json">The document.</param>
    /// <param name="body">The range of the notification in the document that was passed by the caller.</param>
    /// <param name="receiptId">The receipt id; null in the bare form.</param>
    public readonly NotificationReading ToReading(ReadOnlySpan<byte> json, Range body, long? receiptId)
    {
        if (!_type.TryGetText(json, out var type) || type is null)
        {
            return NotificationReading.CreateUnreadable("There is no text in typeWebhook, so this is not a notification of the gateway.", body, receiptId);
        }

        string? reason = null;
        CallDirection? direction = type switch
        {
            NotificationProperties.IncomingCall => CallDirection.Incoming,
            NotificationProperties.OutgoingCall => CallDirection.Outgoing,
            _ => null,
        };
        var call = direction is { } ofCall && _type.Is(json, type) ? CreateCall(json, ofCall, out reason) : null;
        return new()
        {
            Kind = call is not null ? NotificationKind.IncomingCall
                : reason is null ? NotificationKind.OtherType
                : NotificationKind.NotUnderstood,
            Call = call,
            Type = type,
            IdInstance = _idInstance,
            IdMessage = call?.IdMessage ?? (_idMessage.TryGetId(json, out var id) ? id : null),
            Timestamp = JsonNumber.ToTime(_timestamp),
            ReceiptId = receiptId,
            Body = body,
            Reason = reason,
        };
    }

    private static Range? ReadArrayRange(ref Utf8JsonReader reader)
    {
        var (isArray, start) = (reader.TokenType == JsonTokenType.StartArray, (int)reader.TokenStartIndex);
        reader.Skip();
        return isArray ? start..(int)reader.BytesConsumed : null;
    }

    private void ReadInstance(ref Utf8JsonReader reader)
    {
        (_idInstance, _wid, _typeInstance) = (null, default, default);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = NotificationProperties.Match(ref reader);
            reader.Read();
            switch (property)
            {
                case NotificationProperty.IdInstance:
                    _idInstance = JsonNumber.ReadId(ref reader) is > 0 and var id ? id : null;
                    break;
                case NotificationProperty.Wid:
                    _wid = JsonText.From(ref reader);
                    break;
                case NotificationProperty.TypeInstance:
                    _typeInstance = JsonText.From(ref reader);
                    break;
            }

            reader.Skip();
        }
    }

    private readonly IncomingCallNotification? CreateCall(ReadOnlySpan<byte> json, CallDirection direction, out string? reason)
    {
        if (!_idMessage.TryGetId(json, out var idMessage) || idMessage is null)
        {
            return Refuse(_idMessage.Explain("idMessage", "the call has no id"), out reason);
        }

        if (_idInstance is not { } idInstance)
        {
            return Refuse("instanceData.idInstance contains no positive whole number, so it is unknown whose call it is.", out reason);
        }

        if (!_from.TryGetId(json, out var from))
        {
            return Refuse(_from.Explain("from"), out reason);
        }

        if (!_status.TryGetText(json, out var status))
        {
            return Refuse(_status.Explain("status"), out reason);
        }

        if (!_wid.TryGetId(json, out var wid))
        {
            return Refuse(_wid.Explain("instanceData.wid"), out reason);
        }

        if (!_typeInstance.TryGetText(json, out var typeInstance))
        {
            return Refuse(_typeInstance.Explain("instanceData.typeInstance"), out reason);
        }

        reason = null;
        return new()
        {
            IdMessage = idMessage,
            Direction = direction,
            Instance = new() { IdInstance = idInstance, Wid = ToChatId(wid), TypeInstance = typeInstance },
            RawStatus = status,
            From = ToChatId(from),
            Timestamp = JsonNumber.ToTime(_timestamp),
            IsVideo = _isVideo,
            Duration = _duration is >= 0 and <= int.MaxValue ? TimeSpan.FromSeconds(_duration.Value) : null,
            Participants = _participants is { } range ? ReadParticipants(json[range]) : [],
        };
    }

    private static IncomingCallNotification? Refuse(string why, out string? reason)
    {
        reason = why;
        return null;
    }

    /// <summary>Reads the participants. One that cannot be read is left out, so that the call is not lost because of it.</summary>
    private static CallParticipant[] ReadParticipants(ReadOnlySpan<byte> array)
    {
        List<CallParticipant> participants = [];
        var reader = new Utf8JsonReader(array, NotificationReader.Options);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
            }
            else if (ReadParticipant(ref reader, array) is { } participant)
            {
                participants.Add(participant);
            }
        }

        return [.. participants];
    }

    /// <summary>Reads one participant. The documentation and the gateway's clients disagree whether the key of the id is <c>wid</c> or <c>id</c>.</summary>
    private static CallParticipant? ReadParticipant(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        JsonText id = default;
        JsonText status = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = NotificationProperties.Match(ref reader);
            reader.Read();
            switch (property)
            {
                case NotificationProperty.Wid or NotificationProperty.Id:
                    id = JsonText.From(ref reader);
                    break;
                case NotificationProperty.Status:
                    status = JsonText.From(ref reader);
                    break;
            }

            reader.Skip();
        }

        return id.TryGetId(json, out var text) && ChatId.TryParse(text, out var chatId) && status.TryGetText(json, out var rawStatus)
            ? new() { Id = chatId, RawStatus = rawStatus }
            : null;
    }

    private static ChatId? ToChatId(string? text) => ChatId.TryParse(text, out var chatId) ? chatId : null;
}

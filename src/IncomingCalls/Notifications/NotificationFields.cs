using System.Text.Json;

namespace IncomingCalls;

/// <summary>
/// What one pass over a notification leaves behind: where the texts of interest stand. Strings are made at the end and only
/// for calls, so that a foreign message of 100 KB costs no allocation.
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

    public long? ReceiptId { get; private set; }

    public long? IdInstance { get; private set; }

    public Range Extent { get; private set; }

    public bool IsRead { get; private set; }

    public readonly bool HasType => _type.IsPresent;

    /// <summary>Reads the object the reader stands at; <c>body</c>, when it is an object, goes to <paramref name="wrapped"/>.</summary>
    public void ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref NotificationFields wrapped)
    {
        var start = (int)reader.TokenStartIndex;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = NotificationProperties.Match(ref reader);
            reader.Read();
            if (property == NotificationProperty.Body && reader.TokenType == JsonTokenType.StartObject)
            {
                wrapped = default;
                NotificationFields ignored = default;
                wrapped.ReadObject(ref reader, json, ref ignored);
            }
            else
            {
                ReadProperty(property, ref reader);
            }
        }

        Extent = start..(int)reader.BytesConsumed;
        IsRead = true;
    }

    public readonly NotificationReading ToReading(ReadOnlySpan<byte> json, Range body, long? receiptId)
    {
        if (!_type.TryGet(json, out var type) || type is null)
        {
            return new()
            {
                Kind = NotificationKind.NotANotification,
                ReceiptId = receiptId,
                Body = body,
                Reason = "There is no text in typeWebhook, so this is no notification of the gateway.",
            };
        }

        var call = type == NotificationProperties.IncomingCall ? ToCall(json, out var reason) : Fail(null, out reason);
        return new()
        {
            Kind = call is not null ? NotificationKind.IncomingCall
                : reason is null ? NotificationKind.Foreign
                : NotificationKind.NotUnderstood,
            Call = call,
            Type = type,
            IdInstance = IdInstance,
            IdMessage = call?.IdMessage ?? (_idMessage.TryGet(json, out var id) ? id : null),
            Timestamp = Time(_timestamp),
            ReceiptId = receiptId,
            Body = body,
            Reason = reason,
        };
    }

    private void ReadProperty(NotificationProperty property, ref Utf8JsonReader reader)
    {
        switch (property)
        {
            case NotificationProperty.TypeWebhook:
                // A number here is no type: only a text names one.
                _type = reader.TokenType == JsonTokenType.String ? JsonText.At(ref reader) : default;
                break;
            case NotificationProperty.IdMessage:
                _idMessage = JsonText.At(ref reader);
                break;
            case NotificationProperty.From:
                _from = JsonText.At(ref reader);
                break;
            case NotificationProperty.Status:
                // Whatever a gateway of tomorrow writes here, it is not "no status", which would ring.
                _status = JsonText.OrBeginningAt(ref reader);
                break;
            case NotificationProperty.Timestamp:
                _timestamp = JsonNumber.At(ref reader);
                break;
            case NotificationProperty.Duration:
                _duration = JsonNumber.At(ref reader);
                break;
            case NotificationProperty.ReceiptId:
                ReceiptId = JsonNumber.At(ref reader);
                break;
            case NotificationProperty.IsVideo:
                _isVideo = reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
                break;
            case NotificationProperty.InstanceData:
                ReadInstance(ref reader);
                return;
            case NotificationProperty.Participants:
                var start = (int)reader.TokenStartIndex;
                var isArray = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                _participants = isArray ? start..(int)reader.BytesConsumed : null;
                return;
        }

        reader.Skip();
    }

    private void ReadInstance(ref Utf8JsonReader reader)
    {
        IdInstance = null;
        _wid = default;
        _typeInstance = default;
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
                    IdInstance = JsonNumber.At(ref reader) is > 0 and var id ? id : null;
                    break;
                case NotificationProperty.Wid:
                    _wid = JsonText.At(ref reader);
                    break;
                case NotificationProperty.TypeInstance:
                    _typeInstance = JsonText.At(ref reader);
                    break;
            }

            reader.Skip();
        }
    }

    private readonly IncomingCallNotification? ToCall(ReadOnlySpan<byte> json, out string? reason)
    {
        if (!_idMessage.TryGet(json, out var idMessage) || idMessage is null)
        {
            return Fail(_idMessage.Complaint("idMessage", "the call has no id"), out reason);
        }

        if (IdInstance is not { } idInstance)
        {
            return Fail("instanceData.idInstance holds no positive whole number, so it is unknown which account was called.", out reason);
        }

        if (!_from.TryGet(json, out var from) || !_status.TryGet(json, out var status))
        {
            return Fail(_from.TryGet(json, out _) ? _status.Complaint("status", "") : _from.Complaint("from", ""), out reason);
        }

        if (!_wid.TryGet(json, out var wid) || !_typeInstance.TryGet(json, out var typeInstance))
        {
            return Fail("A text in instanceData is too long or not valid Unicode.", out reason);
        }

        reason = null;
        return new()
        {
            IdMessage = idMessage,
            Instance = new()
            {
                IdInstance = idInstance,
                Wid = ChatId.TryParse(wid, out var account) ? account : null,
                TypeInstance = typeInstance,
            },
            RawStatus = status,
            From = ChatId.TryParse(from, out var caller) ? caller : null,
            Timestamp = Time(_timestamp),
            IsVideo = _isVideo,
            Duration = _duration is >= 0 and <= int.MaxValue ? TimeSpan.FromSeconds(_duration.Value) : null,
            Participants = _participants is { } extent ? ParticipantsReader.Read(json[extent]) : [],
        };
    }

    private static IncomingCallNotification? Fail(string? why, out string? reason)
    {
        reason = why;
        return null;
    }

    /// <summary>The gateway writes seconds. What is too long for those was meant as milliseconds: ignored, an old offer would ring.</summary>
    private static DateTimeOffset? Time(long? number)
    {
        var last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        var seconds = number > last ? number / 1000 : number;
        return seconds is { } s && s >= 0 && s <= last ? DateTimeOffset.FromUnixTimeSeconds(s) : null;
    }
}

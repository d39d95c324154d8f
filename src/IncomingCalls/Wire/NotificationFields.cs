using System.Text.Json;

namespace IncomingCalls.Wire;

/// <summary>
/// What one pass over a notification leaves behind: where the texts of interest stand. Strings are made at the end and only
/// for calls, so that a foreign message of 100 KB costs no allocation.
/// </summary>
internal struct NotificationFields
{
    /// <summary>The latest time that is accepted. Limits in hours and days are added to it.</summary>
    private static readonly long LastSecond = DateTimeOffset.MaxValue.AddYears(-1).ToUnixTimeSeconds();

    private JsonText _type;
    private JsonText _idMessage;
    private JsonText _from;
    private JsonText _status;
    private JsonText _wid;
    private JsonText _typeInstance;
    private InstanceData? _instance;
    private Range _instanceExtent;
    private Range? _participants;
    private long? _timestamp;
    private long? _duration;
    private bool? _isVideo;

    public long? ReceiptId { get; private set; }

    public long? IdInstance { get; private set; }

    public Range Extent { get; private set; }

    public bool IsRead { get; private set; }

    public readonly bool HasType => _type.IsPresent;

    /// <summary>Reads the object that the scanner is at.</summary>
    /// <param name="scanner">The scanner.</param>
    /// <param name="json">The document.</param>
    /// <param name="wrapped">
    /// A place for the object in <c>body</c>; empty inside of one: nothing is wrapped twice, and whoever nests bodies exhausts no stack.
    /// </param>
    public void ReadObject(ref JsonScanner scanner, ReadOnlySpan<byte> json, scoped Span<NotificationFields> wrapped)
    {
        var start = scanner.Position;
        scanner.TryEnter('{');
        for (var isFirst = true; scanner.MoveNext('}', ref isFirst);)
        {
            var property = NotificationProperties.Match(scanner.ReadName(), json);
            if (property == NotificationProperty.Body && !wrapped.IsEmpty && scanner.IsAtObject())
            {
                wrapped[0] = default;
                wrapped[0].ReadObject(ref scanner, json, []);
            }
            else
            {
                ReadProperty(property, ref scanner, json);
            }
        }

        Extent = start..scanner.Position;
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
                : reason is null ? NotificationKind.OtherType
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

    private void ReadProperty(NotificationProperty property, ref JsonScanner scanner, ReadOnlySpan<byte> json)
    {
        if (property == NotificationProperty.InstanceData)
        {
            ReadInstance(ref scanner, json);
            return;
        }

        var value = scanner.ReadValue();
        switch (property)
        {
            case NotificationProperty.TypeWebhook:
                // A number here is no type: only a text names one.
                _type = value.Type == JsonTokenType.String ? JsonText.Of(value) : default;
                break;
            case NotificationProperty.IdMessage:
                _idMessage = JsonText.Of(value);
                break;
            case NotificationProperty.From:
                _from = JsonText.Of(value);
                break;
            case NotificationProperty.Status:
                // Whatever a gateway of tomorrow writes here, it is not "no status", which would ring.
                _status = JsonText.OrBeginningOf(value);
                break;
            case NotificationProperty.Timestamp:
                _timestamp = JsonNumber.Of(value, json);
                break;
            case NotificationProperty.Duration:
                _duration = JsonNumber.Of(value, json);
                break;
            case NotificationProperty.ReceiptId:
                ReceiptId = JsonNumber.Of(value, json);
                break;
            case NotificationProperty.IsVideo:
                _isVideo = value.Type switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
                break;
            case NotificationProperty.Participants:
                _participants = value.Type == JsonTokenType.StartArray ? value.Extent : null;
                break;
        }
    }

    private void ReadInstance(ref JsonScanner scanner, ReadOnlySpan<byte> json)
    {
        (IdInstance, _instance, _wid, _typeInstance) = (null, null, default, default);
        if (KnownInstances.Find(json[scanner.Position..]) is { } known)
        {
            scanner.Skip(known.Utf8Json.Length);
            (IdInstance, _instance) = (known.Instance.IdInstance, known.Instance);
            return;
        }

        var start = scanner.Position;
        if (!scanner.TryEnter('{'))
        {
            scanner.ReadValue();
            return;
        }

        for (var isFirst = true; scanner.MoveNext('}', ref isFirst);)
        {
            var property = NotificationProperties.Match(scanner.ReadName(), json);
            var value = scanner.ReadValue();
            switch (property)
            {
                case NotificationProperty.IdInstance:
                    IdInstance = JsonNumber.Of(value, json) is > 0 and var id ? id : null;
                    break;
                case NotificationProperty.Wid:
                    _wid = JsonText.Of(value);
                    break;
                case NotificationProperty.TypeInstance:
                    _typeInstance = JsonText.Of(value);
                    break;
            }
        }

        _instanceExtent = start..scanner.Position;
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

        if ((_instance ?? ToInstance(idInstance, json)) is not { } instance)
        {
            return Fail("A text in instanceData is too long or not valid Unicode.", out reason);
        }

        reason = null;
        return new()
        {
            IdMessage = idMessage,
            Instance = instance,
            RawStatus = status,
            From = ChatId.TryParse(from, out var caller) ? caller : null,
            Timestamp = Time(_timestamp),
            IsVideo = _isVideo,
            Duration = _duration is >= 0 and <= int.MaxValue ? TimeSpan.FromSeconds(_duration.Value) : null,
            Participants = _participants is { } extent ? ParticipantsReader.Read(json[extent]) : [],
        };
    }

    private readonly InstanceData? ToInstance(long idInstance, ReadOnlySpan<byte> json)
    {
        if (!_wid.TryGet(json, out var wid) || !_typeInstance.TryGet(json, out var typeInstance))
        {
            return null;
        }

        var instance = new InstanceData
        {
            IdInstance = idInstance,
            Wid = ChatId.TryParse(wid, out var account) ? account : null,
            TypeInstance = typeInstance,
        };
        KnownInstances.Remember(json[_instanceExtent], instance);
        return instance;
    }

    private static IncomingCallNotification? Fail(string? why, out string? reason)
    {
        reason = why;
        return null;
    }

    /// <summary>The gateway writes seconds. What is too long for those was meant as milliseconds: ignored, an old offer would ring.</summary>
    private static DateTimeOffset? Time(long? number)
    {
        var seconds = number > LastSecond ? number / 1000 : number;
        return seconds is { } s && s >= 0 && s <= LastSecond ? DateTimeOffset.FromUnixTimeSeconds(s) : null;
    }
}
